@realtime
Feature: Docplanner asks before a patient books
  The clinic's calendar has the last word, if it speaks in time and in words that the patient can be shown.
  Source: Integrations API guide, "Real-time checks".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00

  Rule: A visit is approved only where the time is free

    @DP-RTB-01 @sandbox-only
    Scenario: A free time may be booked
      When Docplanner asks whether Anna may book Dr Kowalska tomorrow at 10:00
      Then the clinic's system approves

    @DP-RTB-01 @sandbox-only
    Scenario: A time that staff gave away may not be booked
      Given staff have booked Piotr with Dr Kowalska tomorrow at 10:00
      When Docplanner asks whether Anna may book Dr Kowalska tomorrow at 10:00
      Then the clinic's system does not approve

    @DP-RTB-01 @sandbox-only
    Scenario: A visit may move to a free time
      Given Anna has a visit with Dr Kowalska tomorrow at 09:00
      When Docplanner asks whether the visit may move to tomorrow at 11:00
      Then the clinic's system approves

    @DP-RTB-01 @sandbox-only
    Scenario: A visit may not move to a time that is taken
      Given staff have booked Piotr with Dr Kowalska tomorrow at 10:00
      And Anna has a visit with Dr Kowalska tomorrow at 09:00
      When Docplanner asks whether the visit may move to tomorrow at 10:00
      Then the clinic's system does not approve

  Rule: A denial can be shown to the patient

    @DP-RTB-02 @sandbox-only
    Scenario: The patient learns why
      Given staff have booked Piotr with Dr Kowalska tomorrow at 10:00
      When Docplanner asks whether Anna may book Dr Kowalska tomorrow at 10:00
      Then the clinic's system says why in a way that the patient can be shown

  Rule: The answer comes before the patient gives up

    @DP-RTB-03 @sandbox-only
    Scenario: An answer in time
      When Docplanner asks whether Anna may book Dr Kowalska tomorrow at 10:00
      Then the clinic's system has answered before the patient gives up
