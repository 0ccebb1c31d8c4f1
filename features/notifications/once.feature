@notifications
Feature: News is taken once, however often it comes
  Docplanner sends again what it believes to be lost. The calendar must not notice.
  Source: Integrations API guide, "Push notifications"; behaviour.md, "Notifications".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00

  Rule: A notification that comes again changes nothing

    @DP-NOT-02 @sandbox-only
    Scenario: A booking told twice at once
      Given the next news about Dr Kowalska will come twice
      When Anna books Dr Kowalska tomorrow at 09:00
      Then the clinic's calendar still shows exactly Anna's one visit

    @DP-NOT-02 @sandbox-only
    Scenario: A booking told again later
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      When the clinic is told of the booking again
      Then the clinic's calendar still shows exactly Anna's one visit

    @DP-NOT-02 @sandbox-only
    Scenario: A move told again
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      And Anna has moved the visit to tomorrow at 11:00
      When the clinic is told of the move again
      Then the clinic's calendar still shows exactly Anna's one visit

    @DP-NOT-02 @sandbox-only
    Scenario: Old news of a visit that is cancelled
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      And Anna has cancelled the visit
      When the clinic is told of the booking again
      Then the clinic's calendar never shows Anna with Dr Kowalska
