"""The text from which tables.py makes its tables: a block a table, a line a column.

A block begins with `table | key column | what a row is`; a column's line is
`name* | kind | limits | what it is`, * marking the required ones. Limits are the choices of a
choice, the scale column of a score, or `unit: low..high` of a number.
"""

TABLE_TEXT = """
beliefs | | What the client said before seeing any evidence. The earliest row with a value counts; a row without a value is a guess declined.
belief_id* | id | | Which belief: one of the twelve, or a practice guess
value | number | | The best guess
low | number | | The lower end: nine times in ten the truth should be above it
high | number | | The upper end: nine times in ten the truth should be below it
stated_by | text | | Who said so: a role, not a name
stated_at | time | | When it was said

accounts | account_id | A company that is the client's customer.
account_id* | id | | Your own number or code for the account
name* | text | | The company's name
segment | text | | How you group your customers, in your own words
trade | text | | What the company does: dental, legal, building
site | text | | Where it is, or which of your offices looks after it
seats | whole | seats: 0.. | People or machines you look after
monthly_fee | number | currency a month: 0.. | What it pays you a month, before tax
since | date | | The day it became a customer
left_on | date | | The day it left; empty while it is still with you
won_by | text | | How it came to you: referral, advert, tender
fit | yesno | | Would you take it on again today?

contacts | contact_id | A person at an account. No names are needed, and none are read.
contact_id* | id | | Your own number or code for the person
account_id* | id | | The account the person works for
role | text | | What the person does: owner, office manager, user

tickets | ticket_id | One request for help. A log with several rows a ticket is folded to the last row of each.
ticket_id* | id | | The ticket's number
account_id* | id | | The account it came from
contact_id | id | | The person it came from
opened_at* | time | | When it was opened
first_reply_at | time | | When somebody first replied
resolved_at | time | | When it was solved; empty while it is open
priority | text | | How urgent, in your own words
type | text | | What kind: incident, request, change
channel | text | | How it came in: phone, e-mail, portal, chat
first_handler | choice | bot/menu/portal/person | Who or what met the person first
minutes_to_person | number | minutes: 0.. | Minutes until a human being answered
handed_over | yesno | | Was it passed from a bot or menu to a person?
touches | whole | touches: 0.. | How often somebody worked on it or wrote
hours_worked | number | hours: 0.. | Hours booked on it
team | text | | The team that solved it
technician | text | | Who solved it; shown under a pseudonym only
reopened | whole | times: 0.. | How often it was opened again (yes counts as once)
reassigned | whole | times: 0.. | How often it changed hands (yes counts as once)
sla_hours | number | hours: 0.. | Hours the agreement allows
sla_met | yesno | | Was it solved inside the agreement?
third_party | text | | The supplier it waited for; empty if none
third_party_hours | number | hours: 0.. | Hours spent waiting for that supplier
source | choice | human/monitoring | Opened by a person or by an alert; empty counts as a person

ratings | rating_id | One question put to one person after the work. A row without a score was asked and not answered.
rating_id* | id | | The rating's number
account_id* | id | | The account of the person asked
contact_id | id | | The person asked
ticket_id | id | | The ticket it is about
asked_at | time | | When it was asked
answered_at | time | | When it was answered
score | score | scale | The mark; empty if there was no answer
scale* | scale | | The scale of the mark: 1-5, 1-7, 0-10, 1-10, -1/0/1, 0/1 or 0-100
comment | text | | What the person wrote
may_quote | yesno | | May the comment be quoted?

items | item_id | A statement in your survey.
item_id* | id | | Your own code for it
text* | text | | The statement as people read it
dimension | choice | reliability/assurance/tangibles/empathy/responsiveness/none | Which of the five dimensions it belongs to
side | choice | product/service/process | Is it about the product, the service or the process?

survey | | One person's answers about one statement.
contact_id* | id | | The person
account_id* | id | | The person's account
item_id* | id | | The statement
minimum | score | scale | The least that would do
expected | score | scale | What a good provider should give
perceived | score | scale | What you give
importance | score | scale | How much it matters
scale* | scale | | The scale of the four marks

relationship | contact_id | One person's view of the whole relationship.
contact_id* | id | | The person
account_id* | id | | The person's account
satisfaction | score | scale | Satisfied overall
value | score | scale | Value for money
would_refer | score | refer_scale | Would recommend you
scale* | scale | | The scale of satisfaction and value
refer_scale | scale | | The scale of would_refer; the same as scale if empty

referrals | referral_id | One introduction that a customer made.
referral_id* | id | | Your own number for it
account_id* | id | | The account that made it
made_on* | date | | The day it was made
stage* | choice | made/met/won/lost | How far it got
value | number | currency a month: 0.. | What it is worth a month, if won

usps | usp_id | Something you believe sets you apart.
usp_id* | id | | Your own code for it
claim* | text | | What you say about it
kind* | choice | product/process/partnership/niche/patent/people | What kind of thing it is
launched_on* | date | | The day you began to offer it
owned | yesno | | Do you own it (patent, contract, exclusive right)?
hard_to_copy | yesno | | Would a good rival need more than a year to copy it?
item_id | id | | The survey statement that says whether clients value it

sightings | | What a rival was seen to offer, or not to offer.
usp_id* | id | | Which of your USPs
competitor* | text | | The rival
seen_on | date | | The day you saw that they have it too
last_checked_without | date | | The last day you looked and they did not have it
quality | choice | worse/same/better | How theirs compares with yours

price_survey | contact_id | One person's four prices, for one seat a month.
contact_id* | id | | The person
too_cheap | number | currency a seat and month: 0.. | So cheap that quality would be in doubt
cheap | number | currency a seat and month: 0.. | A bargain
expensive | number | currency a seat and month: 0.. | Dear, but worth a thought
too_expensive | number | currency a seat and month: 0.. | Too dear to consider
intent_cheap | number | share: 0..1 | How likely to buy at the cheap price
intent_expensive | number | share: 0..1 | How likely to buy at the expensive price

third_parties | name | A vendor, carrier or outsourcer in your chain.
name* | text | | As it is written in the tickets
measure | text | | What you measure about them
feedback | text | | How you tell them
escalation | text | | Whom you call when it goes wrong
exit | text | | How you would leave
started | date | | The day they began
ended | date | | The day they stopped

touchpoints | touchpoint_id | A moment at which a client meets you.
touchpoint_id* | id | | Your own code for it
name* | text | | What happens
stage* | text | | Where in the journey: buying, starting, using, renewing, leaving

kano | | One person's pair of answers about one moment.
contact_id* | id | | The person
touchpoint_id* | id | | The moment
present* | whole | answer: 1..5 | How would you feel if it were so? (1 like, 2 must be, 3 neutral, 4 live with, 5 dislike)
absent* | whole | answer: 1..5 | And if it were not? (same five)

wow_log | | Something somebody told others about.
date* | date | | The day
account_id* | id | | The account
touchpoint_id | id | | The moment
what | text | | What happened
told_by | choice | client/staff | Who told you

standards | | A promise, from what clients expect to what they get.
measure* | text | | What is promised
dimension* | choice | reliability/assurance/tangibles/empathy/responsiveness | Which of the five dimensions
challenge | text | | The client's challenge behind it
need | text | | What they need
want | text | | What they ask for
management_says_expected | number | | What you think they expect
standard | number | | What your own standard says
owner | text | | Whose job it is: a role
promised | number | | What sales and the website promise
delivered | number | | What is delivered
unit | text | | Unit of the figures; `scale` for marks on the survey's scale

staff_survey | | One answer of one member of staff.
person_role* | text | | The role, not the name
item_id* | choice | training/tools/role clarity/team-work/control | What the question was about
score* | score | scale | The mark
scale* | scale | | Its scale

mentions | | Something said about you in public.
date* | date | | The day
place* | text | | Where
tone* | number | tone: -1..5 | From -1 (bad) to 1 (good), or 1 to 5 stars
text | text | | What was said; no names

peers | | What one other firm reports under one measure.
measure* | text | | Which measure; only the names in this dictionary are compared
peer* | text | | The firm, or its pseudonym
group* | text | | Like for like: the same word as `group` in client.yaml
value* | number | | The figure, shares as percent
n | whole | answers: 0.. | How many answers it rests on
period | date | | The last day it covers
source | text | | Where it comes from
grade | text | | How far to trust it, in your own words
made_up | yesno | | Is it made up, for practice?

commitments | action_id | What was promised, and what became of it.
action_id* | id | | The action's code
finding_id | id | | The finding it answers
what* | text | | What will be done
owner | text | | Who: a role
due | date | | By when
done_on | date | | The day it was done
measure_again | date | | The day to measure again
result | text | | What came of it
"""
