@bookings
Feature: Every visit is read, however many there are
  A busy doctor has more visits than fit on a page; and a list that lacks a visit does not cancel it.
  Source: behaviour.md, "Access" and "Bookings".

  Rule: Visits beyond the first page are read

    @DP-BOK-11 @sandbox-only @early
    Scenario: More visits than one page holds
      Given a clinic that works with Docplanner alone
      And Dr Kowalska has already booked more visits at Docplanner than a page holds
      And the clinic is now shared with the clinic's system
      And the clinic's system has read what Docplanner shares with it
      When the clinic's system activates the clinic
      Then in time both calendars of the clinic are equal

  Rule: A visit that a list lacks is not cancelled

    @DP-BOK-11 @sandbox-only
    Scenario: A list without the visit
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And Anna has a visit with Dr Kowalska tomorrow at 09:00
      And Docplanner's lists of visits leave the visit out
      When the clinic's system compares its calendars with Docplanner
      Then the clinic's calendar still shows exactly Anna's one visit
