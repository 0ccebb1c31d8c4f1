@resilience
Feature: A change whose end nobody knows
  A connection breaks in the middle of a booking. Sent again blindly, the patient is booked twice; given up, not at all.
  Source: behaviour.md, "Access".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00

  Rule: Nothing is lost and nothing doubled, whether or not the change took place

    @DP-RES-02 @sandbox-only
    Scenario Outline: A booking of staff <trouble>
      Given the next change of Dr Kowalska's calendar on its way to Docplanner <trouble>
      When staff book Piotr with Dr Kowalska tomorrow at 10:00
      Then in time Docplanner shows Piotr's visit
      And the clinic's system knows Piotr's visit as the one that Docplanner has

      Examples:
        | trouble                         |
        | fails and has no effect         |
        | fails after it took effect      |
        | is cut off and has no effect    |
        | is cut off after it took effect |

    @DP-RES-02 @sandbox-only
    Scenario Outline: A cancellation of staff <trouble>
      Given staff have booked Piotr with Dr Kowalska tomorrow at 10:00
      And the next change of Dr Kowalska's calendar on its way to Docplanner <trouble>
      When staff cancel the visit
      Then in time Docplanner no longer shows Piotr with Dr Kowalska
      And in time the clinic's calendar no longer shows Piotr with Dr Kowalska

      Examples:
        | trouble                         |
        | fails and has no effect         |
        | is cut off after it took effect |

    @DP-RES-02 @sandbox-only
    Scenario Outline: A change of working time <trouble>
      Given the next change of Dr Kowalska's calendar on its way to Docplanner <trouble>
      When staff set the working time of Dr Kowalska to tomorrow from 10:00 to 13:00
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered
      And Docplanner still has exactly the working time of Dr Kowalska that staff entered

      Examples:
        | trouble                         |
        | fails and has no effect         |
        | is cut off after it took effect |
