@activation
Feature: A clinic goes live
  On the first day everything must cross over at once: working time, visits of both sides, blocked time.
  Source: Integrations API guide, "Activation".

  Rule: After activation both calendars are equal

    @DP-ACT-01
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
