@schedule
Feature: Working time reaches Docplanner
  Patients book what they see. Time that is missing is an empty chair; time too much is a patient before a closed door.
  Source: Integrations API guide, "Calendars".

  Rule: Docplanner is sent exactly the working time that staff enter

    @DP-SCH-01
    Scenario: One morning
      When staff set the working time of Dr Kowalska to tomorrow from 09:00 to 12:00
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered
      And in time patients can book Dr Kowalska tomorrow at 11:30

    @DP-SCH-01
    Scenario: A day with a pause in it
      When staff set the working time of Dr Kowalska to tomorrow from 08:30 to 11:30 and from 14:00 to 17:00
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered

    @DP-SCH-01
    Scenario: Another service in the afternoon
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      When staff add working time for the second service of Dr Kowalska tomorrow from 13:00 to 15:00
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered

  Rule: A change touches nothing but what staff changed

    @DP-SCH-02
    Scenario: The afternoon changes, the morning stays
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00 and from 14:00 to 16:00
      When staff set the working time of Dr Kowalska to tomorrow from 09:00 to 12:00 and from 15:00 to 18:00
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered

    @DP-SCH-02
    Scenario: One day changes, the days beside it stay
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And Dr Kowalska offers slots in 2 days from 09:00 to 12:00
      And Dr Kowalska offers slots in 3 days from 09:00 to 12:00
      When staff set the working time of Dr Kowalska to in 2 days from 13:00 to 17:00
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered

  Rule: A day that staff empty is empty at Docplanner

    @DP-SCH-03
    Scenario: A day off, the next day stays
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And Dr Kowalska offers slots in 2 days from 09:00 to 12:00
      When staff empty the day of Dr Kowalska tomorrow
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered
