@mapping
Feature: Everything that is shared has its counterpart
  A doctor without a counterpart gets visits that nobody in the clinic sees.
  Source: Integrations API guide, "Mapping"; "Integration process".

  Rule: Every clinic, doctor and address that is shared is mapped, and nothing else

    @DP-MAP-01
    Scenario: The clinics of the first day
      Given the clinic's system read what Docplanner shares with it when the run began
      Then every clinic, doctor and address has exactly one counterpart, and nothing else has

    @DP-MAP-01 @early
    Scenario: A clinic that joins later
      Given a clinic that has just joined Docplanner
      When the clinic's system reads what Docplanner shares with it
      Then the new clinic, its doctors and its addresses have counterparts

  Rule: Services are mapped address by address

    @DP-MAP-02
    Scenario: Two doctors with services of their own
      Given the clinic's system read what Docplanner shares with it when the run began
      Then the services of every address are mapped, each address its own

    @DP-MAP-02 @lookalikes
    Scenario: One service name at every address
      Given the clinic's system read what Docplanner shares with it when the run began
      Then the services of every address are mapped, each address its own

  Rule: Insurance providers and their plans are mapped

    @DP-MAP-03
    Scenario: The insurances of two doctors
      Given the clinic's system read what Docplanner shares with it when the run began
      Then the insurances of every address are mapped with their plans
