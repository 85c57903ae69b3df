-- one row per comment and theme that it speaks of: one of the words of a file in queries/themes/ occurs in it
select distinct
    comments.response_id,
    theme_words.theme
from comments
inner join theme_words on contains(comments.words, theme_words.word)
