@access
Feature: The key to Docplanner
  A clinic's system that fetches a new key for every call is cut off at the busiest hour; one that cannot renew a key
  stops in the middle of the day.
  Source: Integrations API guide, "Authorization".

  Rule: A key is kept until it ends

    @DP-ACC-01 @afterwards
    Scenario: One key serves many calls
      Given every other scenario is over
      Then the clinic's system has asked for no more than 5 keys, and one for each that ended

  Rule: A key that ended early is renewed, and the work under way is finished

    @DP-ACC-02 @alone @sandbox-only
    Scenario: The key ends before a change of working time
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      When Docplanner ends the clinic's key before its time
      And staff set the working time of Dr Kowalska to tomorrow from 10:00 to 13:00
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered
