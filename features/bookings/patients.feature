@bookings
Feature: What patients do on the marketplace reaches the clinic
  A clinic that does not see a visit will give the same hour to somebody else.
  Source: Integrations API guide, "Bookings".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00

  Rule: A visit booked on the marketplace is in the clinic's calendar in time

    @DP-BOK-01
    Scenario: A patient takes a free slot
      When Anna books Dr Kowalska tomorrow at 09:30
      Then in time the clinic's calendar shows Anna's visit

    @DP-BOK-01
    Scenario: Two doctors, one hour
      Given Dr Zieliński offers slots tomorrow from 09:00 to 12:00
      And Anna has a visit with Dr Kowalska tomorrow at 10:00
      When Piotr books Dr Zieliński tomorrow at 10:00
      Then in time the clinic's calendar shows Piotr's visit

  Rule: A visit that the patient cancels leaves the clinic's calendar in time

    @DP-BOK-02
    Scenario: A patient cancels
      Given Anna has a visit with Dr Kowalska tomorrow at 09:30
      When Anna cancels the visit
      Then in time the clinic's calendar no longer shows Anna with Dr Kowalska

  Rule: A visit that the patient moves is in the clinic's calendar once, at its new time

    @DP-BOK-03
    Scenario: A patient comes later
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      When Anna moves the visit to tomorrow at 11:00
      Then in time the clinic's calendar shows Anna's visit

    @DP-BOK-03
    Scenario: A patient comes another day
      Given Dr Kowalska offers slots in 3 days from 09:00 to 12:00
      And Anna has a visit with Dr Kowalska tomorrow at 09:00
      When Anna moves the visit to in 3 days at 10:30
      Then in time the clinic's calendar shows Anna's visit

  Rule: A visit is not lost through a chain of moves

    @DP-BOK-10
    Scenario: Moved twice and cancelled
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      And Anna has moved the visit to tomorrow at 10:00
      And Anna has moved the visit to tomorrow at 11:00
      When Anna cancels the visit
      Then in time the clinic's calendar no longer shows Anna with Dr Kowalska

    @DP-BOK-10
    Scenario: Moved by the patient, then by staff
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      And Anna has moved the visit to tomorrow at 10:00
      When staff move the visit to tomorrow at 11:30
      Then in time Docplanner shows Anna's visit

    @DP-BOK-10
    Scenario: Moved three times
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      And Anna has moved the visit to tomorrow at 10:00
      And Anna has moved the visit to tomorrow at 11:00
      When Anna moves the visit to tomorrow at 09:30
      Then in time the clinic's calendar shows Anna's visit
