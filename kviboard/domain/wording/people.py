"""Words for people and organisations, as the wording coach knows them: customers, ourselves, and neither. Data only.

The rules that use them live in `subject`.
"""


def words_of(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


CUSTOMERS = words_of(
    "customers clients users consumers buyers shoppers guests visitors members subscribers patients passengers"
    " promoters passives detractors payers prospects newcomers regulars fans critics sceptics skeptics supporters"
    " followers"
)
"""Customers by their own names: with "our" before them they are still customers."""

KINDS_OF_CUSTOMERS = words_of(
    "people persons women men girls boys kids children teenagers adults seniors parents mothers fathers mums dads"
    " grandparents babies relatives friends neighbours neighbors couples families households homes citizens residents"
    " tenants landlords homeowners owners borrowers savers investors donors volunteers voters taxpayers pensioners"
    " students pupils teachers lecturers professors schools universities nurses doctors physicians dentists clinics"
    " hospitals pharmacies vets carers therapists farmers growers bakers bakeries cooks chefs restaurants cafes cafés"
    " hotels shops stores retailers wholesalers merchants traders sellers resellers dealers brands suppliers vendors"
    " businesses companies firms enterprises startups start-ups founders entrepreneurs freelancers contractors"
    " craftsmen trades tradespeople plumbers electricians builders architects lawyers accountants bookkeepers auditors"
    " consultants advisers advisors brokers agencies agents charities clubs associations churches museums libraries"
    " theatres galleries cities towns villages municipalities councils authorities travellers travelers tourists"
    " commuters drivers riders cyclists pilots pedestrians motorists players gamers athletes runners musicians artists"
    " writers authors readers listeners viewers streamers creators photographers designers developers programmers"
    " analysts scientists researchers engineers administrators managers recruiters applicants candidates jobseekers"
    " learners beginners experts professionals workers employers landowners importers exporters carriers couriers"
    " dispatchers operators technicians organisers organizers hosts teams makers hobbyists collectors smes smbs b2b"
    " b2c diabetics wearers callers cardholders policyholders account-holders pet-owners"
)
"""Kinds of people and of organisations that can be customers; with "our" before them they read as ourselves."""

NOT_PEOPLE = words_of(
    "orders offers numbers letters papers covers vouchers filters printers parameters errors factors sensors doors"
    " colours colors floors monitors processors newsletters stickers counters chargers containers trackers folders"
    " headers banners identifiers answers matters computers servers routers scanners dinners corners layers powers"
    " posters rumours hours others tables transfers reminders reorders chapters clusters datacenters centers centres"
    " meters litres liters drawers trailers boilers dishwashers converters connectors indicators barriers refers"
    " delivers prefers discovers enters suffers wonders considers remembers triggers bothers documents payments"
    " shipments investments departments moments comments instalments requirements improvements elements segments"
    " agreements statements appointments environments experiments variants grants warrants events restaurants plants"
    " rents contents accents talents incidents accidents discounts accounts amounts lists twists assists consists"
    " resists exists wishlists checklists trees fees committees guarantees degrees"
)
"""Plurals, and verbs, that end like a word for people and are none."""

SOMEBODY = words_of(
    "everyone everybody anyone anybody someone somebody nobody no-one whoever those people persons families they"
)
"""Words that mean customers unless a part of our own house follows ("everyone in the company")."""

THINGS = words_of(
    "parcels packages deliveries refunds returns prices bills invoices fees costs features products goods items"
    " orders pages apps websites screens forms buttons emails messages calls tickets complaints queries tasks issues"
    " bugs errors updates upgrades releases tools systems processes rules policies terms contracts offers deals"
    " discounts vouchers reports dashboards charts metrics figures scores ratings reviews surveys results goals"
    " targets plans projects programmes programs campaigns channels touchpoints services subscriptions renewals"
    " approvals purchases baskets carts checkouts searches downloads uploads logins passwords claims loans cards rates"
    " sales revenues profits margins stocks supplies machines devices cars trains buses flights trips rooms beds meals"
    " menus recipes dishes clothes shoes hours days weeks months minutes times things needs wishes problems questions"
    " answers wins losses changes hotlines interviews workshops meetings sprints teams-goals stories backlogs roadmaps"
    " journeys accounts leads contacts conversions numbers data details photos pictures videos words skills ideas"
    " values standards levels steps queues"
)
THING_ENDINGS = ("ions", "ments", "ings", "ages", "ures", "nesses", "ances", "ences", "ates", "ests", "ysis")
"""Plurals that are things; any other plural a sentence opens with is taken for people."""

GROUPS = words_of(
    "elderly old young blind deaf sick disabled impaired unemployed self-employed homeless bereaved retired wealthy"
    " poor vulnerable hard-of-hearing chronically-ill ill injured undecided curious"
)
"""Describing words that name people behind "the": the elderly."""

PERSON_ENDINGS = ("ers", "ors", "ists", "ians", "ants", "ents", "eers", "people", "men", "keepers", "mates")

INSIDE = words_of(
    "we us employees employee staff colleagues colleague coworkers workforce stakeholders stakeholder shareholders"
    " management leadership executives department departments engineering operations hr finance marketing sales"
    " organisation organization company team headquarters squad squads tribe tribes board"
)
"""Words for ourselves."""

DEPARTMENTS = words_of("sales team marketing finance engineering operations hr")
"""Words for ourselves that may also describe a customer: marketing teams of our customers."""

INSIDE_BEFORE = words_of(
    "support sales success product service engineering marketing finance account project security our internal"
    " company scrum platform delivery operations release line middle"
)
"""Words that turn a word for people into one for ourselves: support agents, product managers, our developers."""

INSIDE_ALONE = words_of("engineers managers agents")
"""Roles that are ours unless another word says whose: facility managers, travel agents."""

SINGLE = words_of("a an each every another one no any the this neither either")
"""Words after which one customer may stand in the singular."""

STARTERS = words_of(
    "a an the this these those all both each every another one two three any some no many more most few fewer several"
    " our your their half none whichever whatever nearly almost only even not"
)
"""Words that open a phrase; none of them follows a describing word within it."""

QUANTITIES = words_of(
    "half most all none some many majority share number part each per percent cent third quarter more"
)
"""Words before "of customers"."""

PREPOSITIONS = words_of(
    "of for to with from in on at by about into onto over under through across between without within against among"
    " as than per via towards toward because thanks despite during before after until since while when whenever where"
    " wherever if once although unless even throughout today tomorrow besides beyond like regardless whatever"
)

FRONTING = PREPOSITIONS - words_of("of than per") | words_of(
    "every each next this last whichever however soon finally now"
)
"""Words that may open a phrase before the subject: "After a complaint, customers …"."""

AUXILIARIES = words_of(
    "is are was were be been being am has have had do does did can could will would shall should may might must it"
    " there that which who what how why they he she you i gets get goes go makes make gives give becomes become"
)

AFTER_CUSTOMER = words_of(
    "satisfaction churn journey journeys experience experiences service support success base feedback retention"
    " loyalty complaints complaint data needs need portal numbers care lifetime value acquisition advisory centricity"
    " focus orientation happiness effort engagement relationship relationships onboarding interviews interview insight"
    " insights growth count research surveys survey stories story delight adoption trust confidence ratings reviews"
    " contacts tickets requests problems questions calls profile profiles segments lists list records account accounts"
)
"""Nouns that make "customer" a mere label: customer satisfaction, the customer journey."""

WHAT_PEOPLE_DO = words_of(
    "find feel know trust love enjoy understand see learn decide choose plan tell recommend order buy pay book"
    " discover master spend believe hear read earn save waste wait call share ask sleep receive have can reach get"
    " spot cope worry settle handle keep start run grow move manage work live travel eat cook drive ride play write"
    " meet talk teach study treat feed heat build create sell try use open close finish complete forget remember"
    " notice accept stay leave return say rely relies come think want need"
)

ADVERBS = words_of(
    "always never often rarely seldom no longer still quickly easily already also finally really just gladly happily"
    " proudly confidently hardly ever"
)
