@schedule
Feature: Blocked time is kept free on both sides
  A holiday that only one side knows of ends with a patient who travelled in vain.
  Source: Integrations API guide, "Calendar breaks".

  Background:
    Given Dr Kowalska offers slots tomorrow from 09:00 to 13:00

  Rule: Time that staff block is not offered, and offered again when it is free

    @DP-SCH-04
    Scenario: Staff block an hour
      When staff block Dr Kowalska tomorrow from 10:00 to 11:00
      Then in time patients can book exactly the time of Dr Kowalska that is not blocked

    @DP-SCH-04
    Scenario: Staff move the blocked hour
      Given staff have blocked Dr Kowalska tomorrow from 10:00 to 11:00
      When staff move the blocked time to tomorrow from 11:30 to 12:30
      Then in time patients can book exactly the time of Dr Kowalska that is not blocked

    @DP-SCH-04
    Scenario: Staff free the blocked hour
      Given staff have blocked Dr Kowalska tomorrow from 10:00 to 11:00
      When staff free the blocked time
      Then in time patients can book exactly the time of Dr Kowalska that is not blocked

  Rule: A break that the doctor makes at Docplanner is in the clinic's calendar in time

    @DP-SCH-05
    Scenario: A doctor adds a break
      When Dr Kowalska adds a break at Docplanner tomorrow from 10:00 to 11:00
      Then in time the clinic's calendar shows the break

    @DP-SCH-05
    Scenario: A doctor moves a break
      Given Dr Kowalska has a break at Docplanner tomorrow from 10:00 to 11:00
      When Dr Kowalska moves the break to tomorrow from 11:30 to 12:30
      Then in time the clinic's calendar shows the break

    @DP-SCH-05
    Scenario: A doctor removes a break
      Given Dr Kowalska has a break at Docplanner tomorrow from 10:00 to 11:00
      When Dr Kowalska removes the break
      Then in time the clinic's calendar no longer shows the break
