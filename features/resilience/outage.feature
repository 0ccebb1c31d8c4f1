@resilience
Feature: After an outage both calendars are equal again
  A line that was down over lunch must not cost the afternoon.
  Source: behaviour.md, "Notifications".

  Rule: What both sides did meanwhile is caught up with

    @DP-RES-03 @sandbox-only
    Scenario: Both sides go on while the link is down
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And the link between Docplanner and Dr Kowalska's calendar is down
      When Anna books Dr Kowalska tomorrow at 09:00
      And staff book Piotr with Dr Kowalska tomorrow at 10:00
      And the link between Docplanner and Dr Kowalska's calendar is mended
      And the clinic's system compares its calendars with Docplanner
      Then in time both calendars of the clinic are equal
