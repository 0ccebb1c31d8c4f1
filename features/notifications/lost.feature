@notifications
Feature: News that was lost is found again
  A message can be lost for good. The clinic's system must find by itself what it was not told.
  Source: behaviour.md, "Notifications".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00

  Rule: What was lost is found when the calendars are compared

    @DP-NOT-04 @sandbox-only
    Scenario: A booking of which nobody told
      Given the next news about Dr Kowalska will be lost
      When Anna books Dr Kowalska tomorrow at 09:00
      And the clinic's system compares its calendars with Docplanner
      Then in time the clinic's calendar shows Anna's visit

    @DP-NOT-04 @sandbox-only
    Scenario: A cancellation of which nobody told
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      And the next news about Dr Kowalska will be lost
      When Anna cancels the visit
      And the clinic's system compares its calendars with Docplanner
      Then in time the clinic's calendar no longer shows Anna with Dr Kowalska

    @DP-NOT-04 @sandbox-only
    Scenario: A move of which nobody told
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      And the next news about Dr Kowalska will be lost
      When Anna moves the visit to tomorrow at 11:00
      And the clinic's system compares its calendars with Docplanner
      Then in time the clinic's calendar shows Anna's visit
