@bookings
Feature: Visits reach the clinic
  A clinic that does not see a visit will give the same hour to somebody else.

  Rule: A visit booked on the marketplace is in the clinic's calendar in time

    @DP-BOK-01
    Scenario: A patient takes a free slot
      Given Dr Kowalska offers these slots
        | day      | from  |
        | tomorrow | 09:00 |
      When Anna books it on the marketplace
      Then in time the clinic's calendar shows Anna
        """
        Nowak, tomorrow at 09:00
        """

    @DP-BOK-03 @DP-NOT-02
    Scenario: The same news arrives twice
      Given Anna has a visit
      When the clinic is told about Anna's visit again
      Then the clinic's calendar still shows exactly one visit
      And Docplanner still shows exactly one visit

  Rule: When both sides take the same time, the marketplace visit wins

    @DP-BOK-09
    Scenario: Staff and Anna take the same time
      Given Anna has a visit
      When staff book the same time
      Then the clinic's calendar still shows exactly one visit

    @DP-BOK-09
    Scenario: Staff without conflicts
      Given staff have no word for a conflict
      Then the clinic's calendar still shows exactly one visit

  @DP-BOK-05
  Rule: Staff's cancellation reaches Docplanner

    Scenario: Nobody wrote this step
      Given Anna has a visit
      When nobody has defined what staff do
      Then Docplanner still shows exactly one visit

    @DP-ACC-01
    Scenario Outline: Staff cancel <when>
      Given Anna has a visit
      When staff cancel it <when>
      Then Docplanner still shows exactly one visit

      Examples:
        | when     |
        | at once  |
      @slow
      Examples:
        | when     |
        | much later |

    Scenario: A rule that Hypothesis broke
      Given a rule that does not hold for 7
