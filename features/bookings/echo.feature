@bookings
Feature: The clinic hears of its own actions
  Docplanner may tell the clinic what the clinic itself has just done. That is an echo, not a second visit.
  Source: behaviour.md, "Bookings".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
    And Docplanner also tells the clinic what staff did with Dr Kowalska's calendar

  Rule: An echo changes nothing

    @DP-BOK-12 @sandbox-only
    Scenario: The echo of a booking
      When staff book Piotr with Dr Kowalska tomorrow at 10:00
      Then in time Docplanner shows Piotr's visit
      And the clinic's calendar still shows exactly Piotr's one visit

    @DP-BOK-12 @sandbox-only
    Scenario: The echo of a move
      Given staff have booked Piotr with Dr Kowalska tomorrow at 10:00
      When staff move the visit to tomorrow at 11:30
      Then in time Docplanner shows Piotr's visit
      And the clinic's calendar still shows exactly Piotr's one visit

    @DP-BOK-12 @sandbox-only
    Scenario: The echo of a cancellation
      Given staff have booked Piotr with Dr Kowalska tomorrow at 10:00
      When staff cancel the visit
      Then in time Docplanner no longer shows Piotr with Dr Kowalska
      And the clinic's calendar never shows Piotr with Dr Kowalska
