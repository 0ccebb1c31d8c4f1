@notifications
Feature: Strange messages do no harm
  Docplanner grows new events, and a broken message comes sooner or later. The next booking must get through.
  Source: Integrations API guide, "Push notifications"; behaviour.md, "Endpoint monitoring".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00

  Rule: An event that nobody knows is ignored

    @DP-NOT-05 @sandbox-only
    Scenario: Something unknown, then a booking
      When Docplanner tells of something unknown that happened to Dr Kowalska
      Then the clinic's system has not fallen over at anything about Dr Kowalska
      When Anna books Dr Kowalska tomorrow at 09:30
      Then in time the clinic's calendar shows Anna's visit

  Rule: What makes no sense is answered and has no effect

    @DP-NOT-07 @sandbox-only
    Scenario: Nonsense, then a booking
      When messages about Dr Kowalska arrive that make no sense
      Then the clinic's system has not fallen over at anything about Dr Kowalska
      And in time both calendars of the clinic are equal
      When Anna books Dr Kowalska tomorrow at 09:30
      Then in time the clinic's calendar shows Anna's visit
