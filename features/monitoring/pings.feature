@monitoring
Feature: The clinic's system is reachable
  Docplanner's monitor knocks every five minutes and raises the alarm after three failures.
  Source: Integrations API guide, "Endpoint monitoring".

  Rule: Whatever the monitor sends is answered

    @DP-MON-01 @sandbox-only
    Scenario: Knocking at an idle clinic
      When Docplanner knocks in every way at Dr Kowalska's clinic
      Then the clinic's system has not fallen over at anything about Dr Kowalska

    @DP-MON-01 @sandbox-only
    Scenario: Knocking while a visit is booked
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And Anna has a visit with Dr Kowalska tomorrow at 09:00
      When Docplanner knocks in every way at Dr Kowalska's clinic
      Then the clinic's system has not fallen over at anything about Dr Kowalska
      And the clinic's calendar still shows exactly Anna's one visit

    @DP-MON-01 @sandbox-only @afterwards
    Scenario: Knocking through the whole run
      Given every other scenario is over
      When Docplanner knocks in every way at Dr Kowalska's clinic
      Then the clinic's system has not fallen over at anything about Dr Kowalska
      And the clinic's system has answered every knock of the whole run
