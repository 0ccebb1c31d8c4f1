@resilience
Feature: The clinic's system slows down when it is told to
  Whoever keeps knocking at a full house is locked out for longer.
  Source: Integrations API guide, "Rate limits".

  Rule: After a refusal for being too fast, changes wait until they may go on, and none is lost

    @DP-RES-01 @alone @sandbox-only
    Scenario: Too many changes
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And Docplanner takes no change of Dr Kowalska's calendar for a moment
      When staff set the working time of Dr Kowalska to tomorrow from 10:00 to 13:00
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered
      And the clinic's system has slowed down for Dr Kowalska's calendar when it was told to
