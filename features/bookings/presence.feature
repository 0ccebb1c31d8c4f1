@bookings
Feature: Who came to a visit
  Presence decides who may write an opinion, and who is called about not coming.
  Source: Integrations API guide, "Bookings"; behaviour.md, "Bookings".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
    And Dr Kowalska has booked Anna, whose visit has just begun

  Rule: Presence and absence are known on both sides in time

    @DP-BOK-14
    Scenario Outline: Staff note that the patient was <seen>
      When staff note that Anna was <seen>
      Then in time Docplanner shows that Anna was <seen>

      Examples:
        | seen    |
        | present |
        | absent  |

    @DP-BOK-14
    Scenario Outline: The doctor notes that the patient was <seen>
      When Dr Kowalska notes that Anna was <seen>
      Then in time the clinic's calendar shows that Anna was <seen>

      Examples:
        | seen    |
        | present |
        | absent  |
