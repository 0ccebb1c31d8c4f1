@schedule
Feature: Working time that needs care
  Other clocks, far days, insurance, and a Docplanner that is slow: the calendar must come out right all the same.
  Source: Integrations API guide, "Calendars"; behaviour.md, "Calendars".

  Rule: Times are right whatever clock they were told by

    @DP-SCH-06
    Scenario Outline: Staff who sit in <city>
      When staff far away, in <city>, set the working time of Dr Kowalska to tomorrow from 09:00 to 12:00
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered

      Examples:
        | city   |
        | Tokyo  |
        | Lisbon |

    @DP-SCH-06
    Scenario: Hours at the edges of the day
      When staff set the working time of Dr Kowalska to the next day of 24 hours from 00:30 to 01:30 and from 22:00 to 23:30
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered

  Rule: A day too far ahead does not cost the nearer ones

    @DP-SCH-07
    Scenario: A plan that reaches beyond 12 weeks
      When staff set the working time of Dr Kowalska tomorrow, in 80 days and in 95 days from 09:00 to 12:00
      Then in time Docplanner has exactly the working time of Dr Kowalska in the next 12 weeks

  Rule: Insurance is sent as the API accepts it

    @DP-SCH-08
    Scenario Outline: Hours for patients <insured>
      When staff set the working time of Dr Kowalska to tomorrow from 09:00 to 12:00 for patients <insured>
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered

      Examples:
        | insured                |
        | with insurance only    |
        | without insurance only |

  Rule: The calendar comes out right though Docplanner is slow or full

    @DP-SCH-09 @sandbox-only
    Scenario: Changes show late
      Given Docplanner shows changes of Dr Kowalska's calendar late
      When staff set the working time of Dr Kowalska to tomorrow from 09:00 to 12:00
      And staff set the working time of Dr Kowalska to tomorrow from 10:00 to 13:00
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered
      And in time patients can book Dr Kowalska tomorrow at 12:00

    @DP-SCH-09 @alone @sandbox-only
    Scenario: An update is refused for being one too many
      Given Dr Kowalska offers slots tomorrow from 09:00 to 12:00
      And Docplanner refuses the next change of Dr Kowalska's calendar for being one too many
      When staff set the working time of Dr Kowalska to tomorrow from 14:00 to 16:00
      Then in time Docplanner has exactly the working time of Dr Kowalska that staff entered
