@bookings
Feature: What doctors do in the Docplanner calendar reaches the clinic
  Doctors carry Docplanner in their pocket and book between two visits; the front desk must see it.
  Source: Integrations API guide, "Bookings".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00

  Rule: A visit that the doctor books, moves or cancels is so in the clinic's calendar in time

    @DP-BOK-07
    Scenario: A doctor books within the working time
      When Dr Kowalska books Anna tomorrow at 09:30
      Then in time the clinic's calendar shows Anna's visit

    @DP-BOK-07
    Scenario: A doctor books outside the working time
      When Dr Kowalska books Anna tomorrow at 18:00
      Then in time the clinic's calendar shows Anna's visit

    @DP-BOK-07
    Scenario: A doctor moves a visit
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      When Dr Kowalska moves the visit to tomorrow at 11:00
      Then in time the clinic's calendar shows Anna's visit

    @DP-BOK-07
    Scenario: A doctor cancels a visit
      Given Dr Kowalska has booked Anna tomorrow at 09:30
      When Dr Kowalska cancels the visit
      Then in time the clinic's calendar no longer shows Anna with Dr Kowalska
