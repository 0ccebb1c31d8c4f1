@notifications
Feature: News from Docplanner is accepted, from Docplanner alone
  News that is refused is sent again and then lost; news that anybody can forge fills the calendar with strangers.
  Source: Integrations API guide, "Push notifications".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00

  Rule: Every notification is answered as accepted

    @DP-NOT-01
    Scenario: A booking, a move and a cancellation
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      And Anna has moved the visit to tomorrow at 10:00
      When Anna cancels the visit
      Then in time the clinic's calendar no longer shows Anna with Dr Kowalska
      And the clinic's system has accepted everything that it was told about Dr Kowalska

  Rule: A notification without the agreed key is refused and has no effect

    @DP-NOT-01 @sandbox-only
    Scenario Outline: A stranger with a <key> key
      When a stranger sends news that Zofia booked Dr Kowalska tomorrow at 10:30, with a <key> key
      Then the stranger is refused
      And the clinic's calendar never shows Zofia with Dr Kowalska

      Examples:
        | key     |
        | wrong   |
        | missing |
