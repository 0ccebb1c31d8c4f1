@bookings
Feature: A visit is confirmed
  A confirmed visit needs no call; one that only one side knows to be confirmed is called about in vain.
  Source: Integrations API guide, "Bookings".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
    And Anna has a visit with Dr Kowalska tomorrow at 09:00

  Rule: A confirmation is known on both sides in time

    @DP-BOK-13
    Scenario: Staff confirm
      When staff confirm the visit
      Then in time Docplanner shows Anna's visit as confirmed

    @DP-BOK-13 @sandbox-only
    Scenario: The patient confirms
      When Anna confirms the visit
      Then in time the clinic's calendar shows Anna's visit as confirmed
