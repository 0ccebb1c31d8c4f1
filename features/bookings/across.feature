@bookings
Feature: A visit goes over to another doctor
  The doctor falls ill, the colleague takes over: the patient must stand in one calendar, the right one.
  Source: Integrations API guide, "Bookings".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
    And Dr Zieliński offers slots tomorrow from 09:00 to 12:00

  Rule: A visit that moves to another calendar is there once, on both sides

    @DP-BOK-08
    Scenario: Staff hand a visit over
      Given staff have booked Piotr with Dr Kowalska tomorrow at 10:00
      When staff move the visit to Dr Zieliński tomorrow at 11:00
      Then in time Docplanner shows Piotr's visit

    @DP-BOK-08
    Scenario: The doctor hands a visit over
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      When Dr Kowalska moves the visit to Dr Zieliński tomorrow at 10:00
      Then in time the clinic's calendar shows Anna's visit
