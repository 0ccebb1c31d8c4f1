@bookings
Feature: Both sides take the same time
  Two patients at one door: whoever came first by the marketplace keeps the visit, and staff are told.
  Source: Integrations API guide, "Bookings"; behaviour.md, "Bookings".

  Rule: A time that both sides take is booked once, and staff's attempt is never shown as synchronised

    @DP-BOK-09 @sandbox-only
    Scenario: Staff book before they hear of the patient's visit
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And news about Dr Kowalska is held back
      When Anna books Dr Kowalska tomorrow at 10:00
      And staff also try to book Piotr with Dr Kowalska tomorrow at 10:00
      And the news about Dr Kowalska that was held back arrives
      Then in time the clinic's calendar shows Anna's visit
      And Docplanner has exactly one visit at the time of Anna's visit
      And Piotr's attempt with Dr Kowalska tomorrow at 10:00 is withdrawn or marked as a conflict
