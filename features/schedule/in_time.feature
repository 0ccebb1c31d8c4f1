@schedule
Feature: Changes show in time
  Between two calls of the front desk a patient can book on the marketplace: minutes matter.
  Source: "Integration process", real-time updates; the limit is a number of ours.

  Rule: What staff change shows at Docplanner in time

    @DP-SCH-10 @afterwards
    Scenario: Every change of the run
      Given every other scenario is over
      Then every change that staff made showed at Docplanner in time
