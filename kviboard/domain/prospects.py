"""What lists of customers call those who are none yet: patterns of columns and of their values in small letters."""

STAGE = (
    r"^(?!.*(source|quelle|origin|campaign)).*"
    r"(lifecycle|stage|status|state|type|typ|relation|category|kategorie|label|phase|zustand|statut|estado|tipo|stato|"
    r"art|soort|group|gruppe|segment|kind)$"
)
PROSPECT = (
    r"(?:^|[^a-zà-ž])(leads?|prospe[ck]t(?:s|o|os)?|interessent(?:in|en)?|mql|suspects?|"
    r"potential (?:customers?|clients?)|potenzielle[rn]? kunden?|clientes? potencial(?:es)?|clienti? potenzial[ei]|"
    r"potentiële klant(?:en)?)(?:$|[^a-zà-ž])|qualifiedlead|見込み?客|潜在顧客"
)
FILE = r"leads|prospe[ck]ts|interessent|newsletter|subscribed"  # in the name of a list of them
NUMBER = r"lead ?(id|no\.?|number)"  # of such a one
BESIDE = r"^(subscriber|opportunity|other|abonnent|abonné)$"  # none yet, where others are leads
