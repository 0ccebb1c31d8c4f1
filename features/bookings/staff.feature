@bookings
Feature: What staff do at the clinic reaches Docplanner
  A time that staff have given away must not be sold again on the marketplace.
  Source: Integrations API guide, "Bookings".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00

  Rule: A visit that staff book is at Docplanner in time, and its time is no longer offered

    @DP-BOK-04
    Scenario: Staff book a patient by phone
      When staff book Piotr with Dr Kowalska tomorrow at 10:00
      Then in time Docplanner shows Piotr's visit
      And in time nobody else can book the time of the visit

  Rule: A visit that staff cancel is cancelled at Docplanner in time, and its time is offered again

    @DP-BOK-05
    Scenario: Staff cancel a visit that they booked
      Given staff have booked Piotr with Dr Kowalska tomorrow at 10:00
      When staff cancel the visit
      Then in time Docplanner no longer shows Piotr with Dr Kowalska
      And in time patients can book Dr Kowalska tomorrow at 10:00

    @DP-BOK-05
    Scenario: Staff cancel a visit that a patient booked
      Given Anna has a visit with Dr Kowalska tomorrow at 09:30
      When staff cancel the visit
      Then in time Docplanner no longer shows Anna with Dr Kowalska
      And in time patients can book Dr Kowalska tomorrow at 09:30

  Rule: A visit that staff move is at Docplanner once, at its new time

    @DP-BOK-06
    Scenario: Staff move a visit that they booked
      Given staff have booked Piotr with Dr Kowalska tomorrow at 10:00
      When staff move the visit to tomorrow at 11:30
      Then in time Docplanner shows Piotr's visit
      And in time patients can book Dr Kowalska tomorrow at 10:00

    @DP-BOK-06
    Scenario: Staff move a visit that a patient booked
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      When staff move the visit to tomorrow at 10:30
      Then in time Docplanner shows Anna's visit
