@mapping
Feature: Services change at Docplanner
  Doctors edit their profile. A clinic's system that goes on using an old service can no longer update the calendar.
  Source: Integrations API guide, "Services".

  Rule: A service that was deleted and added again is a new one, and the calendar goes on

    @DP-MAP-04 @early
    Scenario: The service gets its new counterpart
      When Dr Kowalska deletes the first service and adds it again
      And the clinic's system reads what Docplanner shares with it
      Then the first service of Dr Kowalska is mapped under its new id alone

    @DP-MAP-04 @early
    Scenario: The calendar goes on with the new service
      Given Dr Kowalska offers slots in 2 days from 09:00 to 12:00
      And Dr Kowalska has deleted the first service and added it again
      When staff set the working time of Dr Kowalska to in 2 days from 13:00 to 16:00 for the service added again
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered
