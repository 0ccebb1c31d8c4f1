@mapping
Feature: A doctor who is not mapped yet
  Between the day a doctor joins Docplanner and the next import, patients book already.
  Source: behaviour.md, "Mapping".

  Rule: A visit with a doctor who is not mapped yet is not lost

    @DP-MAP-06 @early
    Scenario: A visit before the import
      Given a clinic that works with Docplanner alone
      And the clinic is now shared with the clinic's system
      When Dr Kowalska books Anna tomorrow at 09:30
      And the clinic's system reads what Docplanner shares with it
      And the clinic's system activates the clinic
      Then in time the clinic's calendar shows Anna's visit
