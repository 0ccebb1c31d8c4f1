@notifications
Feature: News that the clinic fetches itself
  What is fetched is gone at Docplanner, and what is not fetched for three days is gone too.
  Source: Integrations API guide, "Pull notifications".

  Rule: Everything that waits is fetched, in order and in time

    @DP-NOT-06 @sandbox-only
    Scenario: More news than one fetch brings
      Given the clinic's system fetches its news
      And Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And news about Dr Kowalska is held back
      When Dr Kowalska books more visits at Docplanner than a page holds
      And Anna books Dr Kowalska tomorrow at 09:00
      And Anna moves the visit to tomorrow at 11:00
      And the news about Dr Kowalska that was held back arrives
      Then in time both calendars of the clinic are equal
      And the clinic's system fetches its news far more often than Docplanner throws it away
