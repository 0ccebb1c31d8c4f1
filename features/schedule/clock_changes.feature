@schedule
Feature: The days when clocks change
  Twice a year a day has 23 or 25 hours. Who counts hours from midnight sends every patient an hour too early or too late.
  Source: criteria.md, DP-SCH-11; behaviour.md, "Access", date-times and their offsets.

  Rule: Times are right on the day when clocks change, in both calendars

    @DP-SCH-11 @alone @sandbox-only
    Scenario Outline: Clocks go <way> tomorrow
      Given it is the day before clocks go <way>
      When staff set the working time of Dr Kowalska to tomorrow from 09:00 to 12:00
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered
      When staff book Piotr with Dr Kowalska tomorrow at 10:00
      Then in time Docplanner shows Piotr's visit
      When Anna books Dr Kowalska tomorrow at 11:00
      Then in time the clinic's calendar shows Anna's visit

      Examples:
        | way     |
        | forward |
        | back    |
