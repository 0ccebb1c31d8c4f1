@methods
Feature: Every method that the required flows need
  What was never called was never tried; Docplanner's specialist looks at the list of methods first.
  Source: "Integration process", required methods.

  Rule: Every required method was used, and has succeeded

    @DP-API-01 @afterwards
    Scenario: The methods of the whole run
      Given every other scenario is over
      Then the clinic's system has used every method that the required flows need, each with success
