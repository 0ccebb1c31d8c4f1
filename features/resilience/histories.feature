@resilience
Feature: Whatever happens, both calendars end equal
  A real day mixes it all: patients, doctors and staff act at once, messages are late or lost, lines break.
  In the end the clinic's calendar and Docplanner must tell the same story.
  Source: Integrations API guide, "Bookings", "Push notifications"; how integrations break.

  Rule: No visit is lost, none doubled, no ghost slot, in whatever order things happen

    @DP-RES-04 @sandbox-only @long
    Scenario: Whatever patients, doctors and staff do in whatever order, both calendars end equal
      When patients, doctors and staff do as they like, at one clinic after the other
      Then in the end both calendars of each clinic are equal, with no visit lost, doubled or left behind

    @DP-RES-04 @alone @sandbox-only
    Scenario: Whatever happens while the clinic's system stops and starts, both calendars end equal
      When patients, doctors and staff do as they like while the clinic's system stops and starts, and hours go by
      Then in the end both calendars of each clinic are equal, with no visit lost, doubled or left behind
