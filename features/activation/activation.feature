@activation
Feature: A clinic goes live
  On the first day everything must cross over at once: working time, visits of both sides, blocked time.
  Source: Integrations API guide, "Activation".

  Rule: After activation both calendars are equal

    @DP-ACT-01 @early
    Scenario: A clinic from nothing
      Given a clinic that works with Docplanner alone
      And Dr Kowalska has already booked Anna at Docplanner tomorrow at 09:00
      And the clinic is now shared with the clinic's system
      And the clinic's system has read what Docplanner shares with it
      And staff have entered the working time of Dr Kowalska tomorrow from 09:00 to 12:00
      And staff have entered a visit of Piotr with Dr Kowalska tomorrow at 10:00
      And staff have entered a break of Dr Kowalska tomorrow from 11:00 to 12:00
      When the clinic's system activates the clinic
      Then in time both calendars of the clinic are equal

  Rule: A busy clinic loses no visit and doubles none

    @DP-ACT-02 @early
    Scenario: A busy clinic
      Given a clinic that works with Docplanner alone
      And Dr Kowalska has already booked a dozen visits at Docplanner
      And Dr Zieliński has already booked a dozen visits at Docplanner
      And the clinic is now shared with the clinic's system
      And the clinic's system has read what Docplanner shares with it
      And staff have entered the working time of Dr Zieliński tomorrow from 13:00 to 16:00
      And staff have entered a visit of Anna with Dr Zieliński tomorrow at 14:00
      When the clinic's system activates the clinic
      Then in time both calendars of the clinic are equal

  Rule: Activation again changes nothing

    @DP-ACT-03
    Scenario: Activated twice
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And Anna has a visit with Dr Kowalska tomorrow at 09:00
      And staff have booked Piotr with Dr Kowalska tomorrow at 10:00
      When the clinic's system activates the clinic
      Then in time both calendars of the clinic are equal
      And in time Docplanner shows Piotr's visit

  Rule: The profile shows what the clinic offers

    @DP-ACT-04
    Scenario: Staff decide what is offered
      When staff decide what Dr Kowalska offers
      Then in time the profile of Dr Kowalska shows exactly what staff decided
