@mapping
Feature: Look-alikes are kept apart
  Two doctors of one name, or one doctor at two addresses: a visit in the wrong calendar is a patient at the wrong door.
  Source: Integrations API guide, "Addresses"; behaviour.md, "Mapping".

  Rule: Visits and working time land in the right one of calendars that look alike

    @DP-MAP-05 @lookalikes
    Scenario: A visit with the second of two doctors of one name
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And the other Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      When Anna books the other Dr Kowalska tomorrow at 09:30
      Then in time the clinic's calendar shows Anna's visit

    @DP-MAP-05 @lookalikes
    Scenario: A visit at the second address of a doctor
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And Dr Kowalska at the second address offers slots tomorrow from 09:00 to 12:00
      When Anna books Dr Kowalska at the second address tomorrow at 10:00
      Then in time the clinic's calendar shows Anna's visit

    @DP-MAP-05 @lookalikes
    Scenario: An online consultation beside visits on site
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And Dr Kowalska online offers slots tomorrow from 13:00 to 16:00
      When Anna books Dr Kowalska online tomorrow at 14:00
      Then in time the clinic's calendar shows Anna's visit

    @DP-MAP-05 @lookalikes
    Scenario: Staff book the second of two doctors of one name
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And the other Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      When staff book Piotr with the other Dr Kowalska tomorrow at 11:00
      Then in time Docplanner shows Piotr's visit

    @DP-MAP-05 @lookalikes
    Scenario: Working time at the second address
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      When staff set the working time of Dr Kowalska at the second address to tomorrow from 14:00 to 17:00
      Then in time Docplanner has exactly the working time of Dr Kowalska at the second address that staff entered
      And in time Docplanner has exactly the working time of Dr Kowalska that staff entered
