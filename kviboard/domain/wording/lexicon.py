"""Words for what we do, ship and gain, and names nobody outside knows, as the wording coach knows them. Data only.

The rules that use them live in `shipping` and `coach`.
"""

from kviboard.domain.wording.people import words_of

SHIP_VERBS = words_of(
    "launch relaunch build rebuild ship release implement migrate deliver deploy develop redesign introduce integrate"
    " automate install publish upgrade replace digitise digitize finish complete code program prototype refactor"
    " configure modernise modernize rework overhaul consolidate extend add create produce activate connect"
)
SHIP_PHRASES = ("roll out", "set up", "go live", "switch on", "bring live", "phase out", "put live")
GOING_LIVE = ("go live", "goes live", "going live", "went live")
IRREGULAR = {
    "build": "built building builds",
    "rebuild": "rebuilt rebuilding rebuilds",
    "ship": "shipped shipping ships",
    "program": "programmed programming programs",
    "roll": "rolled rolling rolls",
    "set": "set setting sets",
    "go": "went going goes gone",
    "put": "put putting puts",
    "bring": "brought bringing brings",
}
TASK_VERBS = words_of(
    "improve increase reduce raise grow boost lower decrease cut drive ensure help enable allow let provide offer"
    " give make be become hire train conduct run hold establish optimise optimize define write document test measure"
    " analyse analyze investigate research interview plan prepare organise organize start begin continue maintain keep"
    " win gain attract acquire retain delight wow excite convert upsell sell market promote educate inform support"
    " serve strengthen deepen expand scale accelerate speed simplify streamline standardise standardize eliminate"
    " remove fix resolve solve achieve reach hit get turn transform understand listen talk meet exceed lead own"
    " monitor track review audit update clean move onboard unify align foster encourage empower guarantee treat put"
    " bring set stop avoid prevent engage shape redefine push prove nail validate explore identify answer handle"
    " collect gather send recruit negotiate present communicate demonstrate lift extend rethink respond react reward"
    " thank minimise minimize maximise maximize double triple halve personalise personalize secure protect earn build"
    " show"
)
"""What a sentence opens with that tells ourselves what to do."""

NOT_TASKS = words_of(
    "marketing growing leading training meeting moving running starting setting winning paying earning"
)
"""Describing words that look like tasks: growing businesses."""

HELPING = ("help", "let", "enable", "allow", "ensure that", "ensure", "make sure that", "make sure", "empower")
"""Openings after which the customer's own sentence follows."""

SHIPPED_NOUNS = words_of(
    "app apps portal portals platform platforms dashboard dashboards website websites site feature features version"
    " versions module modules tool tools system systems api apis integration integrations interface interfaces plugin"
    " plugins software chatbot chatbots bot assistant assistants functionality function functions release releases"
    " page pages workflow workflows backend frontend database engine process processes programme program"
    " infrastructure homepage webshop solution solutions architecture technology widget template templates design"
)
"""What teams ship."""

NEW = words_of(
    "new redesigned relaunched revamped rebuilt reworked updated improved latest upgraded overhauled modernised"
)
REMADE = NEW - words_of("new improved updated latest")

EVENT_NOUNS = words_of(
    "rollout rollouts roll-out roll-outs go-live go-lives relaunch migration migrations implementation"
    " implementations deployment deployments beta mvp redesign cutover"
)
EVENT_OR_VERB = words_of("launch launches release releases upgrade upgrades")
BEFORE_EVENT = words_of("the a an our this next successful first of after since with new major big timely smooth by")

VEHICLES = words_of(
    "app portal platform dashboard website module tool chatbot plugin feature wizard interface self-service"
)
"""What we ship, named in an objective as the way there: "via the portal"."""

MOVED_BY_US = ("migrated", "onboarded", "upgraded", "enrolled", "transitioned", "moved", "switched", "converted")

GAINS = words_of(
    "revenue revenues turnover profit profits margin margins upsell upsells churn arpu conversion convert converts"
    " upsold"
)
GAIN_PHRASES = ("market share", "lifetime value", "for us", "our sales", "our income", "our growth")
SPENDING = words_of("spend spends pay pays buy buys order orders purchase purchases renew renews")
SPENDING_MORE = ("money", "per order", "with us", "from us", "often", "frequently", "per visit", "per month")

KNOWN_ABBREVIATIONS = words_of(
    "EU UK US USA UAE UN NHS TV PC ID PIN SMS PDF FAQ ATM GP DIY OK B2B B2C D2C SME SMES SMB SMBS VAT GPS DNA HIV NGO"
    " NGOS VIP VIPS CV AI WC DJ DJS TVS PCS IDS LGBTQ ADHD MRI BBQ CEO CFO CEOS CFOS DVD USB 4K 24/7 IT PA"
)
"""Abbreviations, and words with digits, that customers use themselves; in capitals."""

INTERNAL_ABBREVIATIONS = words_of(
    "crm erp kyc nps kpi kpis okr okrs kvi kvis sla slas api apis mvp wms cms dwh etl sso saas b2b2c csat arpu ltv"
    " cac mau dau roi arr mrr gtm poc ux ui qa rfp pim plm mdm dms tms sku skus rma bpm rpa sdk"
)
"""Abbreviations of the trade, also where they are typed in small letters."""

TOOLS = words_of(
    "jira confluence salesforce sap hubspot zendesk servicenow workday tableau snowflake databricks kubernetes"
    " terraform github gitlab jenkins trello sharepoint magento marketo mailchimp freshdesk netsuite shopware typo3"
    " wordpress figma miro powerbi qlik bigquery redshift postgres kafka docker airflow dbt twilio "
    " mixpanel optimizely contentful pimcore sitecore drupal"
)
TOOLS_THAT_ARE_WORDS = words_of("Slack Notion Asana Intercom Looker Excel Teams Oracle Dynamics Segment Azure Outlook")
"""Tools whose names are also words: only with a capital inside a sentence."""

OWN_BRANDS = words_of("iPhone iPad iOS YouTube PayPal WhatsApp eBay LinkedIn TikTok MasterCard McDonald iPhones iPads")
"""Names in mixed capitals that customers use themselves."""

UNDERTAKINGS = words_of("Project Projekt Programme Program Initiative Operation Mission Workstream Epic")
