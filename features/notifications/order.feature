@notifications
Feature: News may come in any order
  Two messages on two lines overtake each other. What counts is what is so at Docplanner, not what came last.
  Source: behaviour.md, "Notifications".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00

  Rule: However news is ordered, the calendar ends as Docplanner has it

    @DP-NOT-03 @sandbox-only
    Scenario: A cancellation comes before its booking
      Given the next 2 news about Dr Kowalska will arrive in the wrong order
      When Anna books Dr Kowalska tomorrow at 09:00
      And Anna cancels the visit
      Then the clinic's calendar never shows Anna with Dr Kowalska

    @DP-NOT-03 @sandbox-only
    Scenario: A move comes before its booking
      Given the next 2 news about Dr Kowalska will arrive in the wrong order
      When Anna books Dr Kowalska tomorrow at 09:00
      And Anna moves the visit to tomorrow at 11:00
      Then the clinic's calendar still shows exactly Anna's one visit

    @DP-NOT-03 @sandbox-only
    Scenario: Two moves come in the wrong order
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      And the next 2 news about Dr Kowalska will arrive in the wrong order
      When Anna moves the visit to tomorrow at 10:00
      And Anna moves the visit to tomorrow at 11:00
      Then the clinic's calendar still shows exactly Anna's one visit
