CREATE TRIGGER audit_no_delete before delete on audit begin select raise(abort, 'audit is append-only'); end;

CREATE TRIGGER audit_no_update before update on audit begin select raise(abort, 'audit is append-only'); end;

CREATE TABLE audit (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	row_of TEXT NOT NULL, 
	row_id INTEGER NOT NULL, 
	version INTEGER, 
	action TEXT NOT NULL, 
	reason TEXT, 
	"before" TEXT, 
	"after" TEXT, 
	once TEXT, created_by_subject TEXT, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);

CREATE INDEX ix_audit_created_at ON audit (created_at);

CREATE INDEX ix_audit_row ON audit (row_of, row_id, version);

CREATE UNIQUE INDEX one_save_per_click ON audit (once);

CREATE TRIGGER check_answers_no_delete before delete on check_answers begin select raise(abort, 'check_answers is append-only'); end;

CREATE TRIGGER check_answers_no_update before update on check_answers begin select raise(abort, 'check_answers is append-only'); end;

CREATE TABLE check_answers (
	drawn TEXT NOT NULL, 
	round_id INTEGER NOT NULL, 
	grades TEXT NOT NULL, 
	of_group TEXT, 
	comment TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_check_answers PRIMARY KEY (drawn), 
	CONSTRAINT check_answer_group CHECK (of_group in ('management', 'others')), 
	CONSTRAINT fk_check_answers_round_id FOREIGN KEY(round_id) REFERENCES check_rounds (id) DEFERRABLE INITIALLY IMMEDIATE
)
 WITHOUT ROWID

;

CREATE INDEX ix_check_answers_round_id ON check_answers (round_id);

CREATE TRIGGER check_ins_no_delete before delete on check_ins begin select raise(abort, 'check_ins is append-only'); end;

CREATE TRIGGER check_ins_no_update before update on check_ins begin select raise(abort, 'check_ins is append-only'); end;

CREATE TABLE check_ins (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	key_result_id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	value TEXT, 
	confidence INTEGER, 
	comment TEXT DEFAULT '' NOT NULL, 
	corrects_id INTEGER, 
	CONSTRAINT pk_check_ins PRIMARY KEY (id), 
	CONSTRAINT fk_check_ins_corrects FOREIGN KEY(corrects_id, key_result_id) REFERENCES check_ins (id, key_result_id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT uq_check_ins_id_key_result_id UNIQUE (id, key_result_id), 
	CONSTRAINT check_in_confidence CHECK (confidence between 0 and 10), 
	CONSTRAINT check_in_says_something CHECK (value is not null or confidence is not null or trim(comment) <> ''), 
	CONSTRAINT fk_check_ins_key_result_id FOREIGN KEY(key_result_id) REFERENCES key_results (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_check_ins_latest ON check_ins (key_result_id, day, id);

CREATE UNIQUE INDEX one_correction ON check_ins (corrects_id);

CREATE TRIGGER check_participants_no_delete before delete on check_participants begin select raise(abort, 'check_participants is append-only'); end;

CREATE TRIGGER check_participants_no_update before update on check_participants begin select raise(abort, 'check_participants is append-only'); end;

CREATE TABLE check_participants (
	browser TEXT NOT NULL, 
	round_id INTEGER NOT NULL, 
	CONSTRAINT pk_check_participants PRIMARY KEY (browser), 
	CONSTRAINT fk_check_participants_round_id FOREIGN KEY(round_id) REFERENCES check_rounds (id) DEFERRABLE INITIALLY IMMEDIATE
)
 WITHOUT ROWID

;

CREATE INDEX ix_check_participants_round_id ON check_participants (round_id);

CREATE TABLE check_rounds (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	name TEXT NOT NULL, 
	closes_on DATE NOT NULL, 
	CONSTRAINT pk_check_rounds PRIMARY KEY (id), 
	CONSTRAINT check_round_name CHECK (trim(name) <> '')
);

CREATE UNIQUE INDEX check_round_names ON check_rounds (name) WHERE archived_at is null;

CREATE TABLE comments (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	objective_id INTEGER, 
	key_result_id INTEGER, 
	decision_id INTEGER, 
	text TEXT NOT NULL, created_by_subject TEXT, 
	CONSTRAINT pk_comments PRIMARY KEY (id), 
	CONSTRAINT comment_text CHECK (trim(text) <> ''), 
	CONSTRAINT comment_about CHECK ((case when objective_id is null then 0 else 1 end) + (case when key_result_id is null then 0 else 1 end) + (case when decision_id is null then 0 else 1 end) = 1), 
	CONSTRAINT fk_comments_objective_id FOREIGN KEY(objective_id) REFERENCES objectives (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_comments_key_result_id FOREIGN KEY(key_result_id) REFERENCES key_results (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_comments_decision_id FOREIGN KEY(decision_id) REFERENCES decisions (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_comments_decision_id ON comments (decision_id);

CREATE INDEX ix_comments_key_result_id ON comments (key_result_id);

CREATE INDEX ix_comments_objective_id ON comments (objective_id);

CREATE TABLE cycles (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	name TEXT NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE NOT NULL, 
	CONSTRAINT pk_cycles PRIMARY KEY (id), 
	CONSTRAINT cycle_name CHECK (trim(name) <> ''), 
	CONSTRAINT cycle_days CHECK (ends_on > starts_on)
);

CREATE UNIQUE INDEX cycle_names ON cycles (name) WHERE archived_at is null;

CREATE TABLE decisions (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	review_id INTEGER, 
	kind TEXT DEFAULT 'decision' NOT NULL, 
	text TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	due_on DATE NOT NULL, 
	kvi TEXT, 
	state TEXT DEFAULT 'open' NOT NULL, 
	outcome TEXT, "where" TEXT DEFAULT '{}' NOT NULL, period TEXT, quote_id INTEGER CONSTRAINT fk_decisions_quote_id REFERENCES quotes (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT pk_decisions PRIMARY KEY (id), 
	CONSTRAINT decision_kind CHECK (kind in ('decision', 'experiment')), 
	CONSTRAINT decision_text CHECK (trim(text) <> ''), 
	CONSTRAINT decision_owner CHECK (trim(owner) <> ''), 
	CONSTRAINT decision_state CHECK (state in ('open', 'done', 'dropped')), 
	CONSTRAINT decision_dropped CHECK (state <> 'dropped' or trim(coalesce(outcome, '')) <> ''), 
	CONSTRAINT fk_decisions_review_id FOREIGN KEY(review_id) REFERENCES reviews (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_decisions_review_id ON decisions (review_id);

CREATE TABLE drafts (
	form TEXT NOT NULL, 
	person TEXT NOT NULL, 
	kept_at DATETIME NOT NULL, 
	typed TEXT NOT NULL, 
	CONSTRAINT pk_drafts PRIMARY KEY (form, person)
);

CREATE TABLE follow_ups (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	response_id TEXT NOT NULL, 
	answered_on DATE NOT NULL, 
	band TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	due_on DATE NOT NULL, 
	state TEXT DEFAULT 'open' NOT NULL, 
	outcome TEXT, 
	done_on DATE, 
	note TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_follow_ups PRIMARY KEY (id), 
	CONSTRAINT follow_up_owner CHECK (trim(owner) <> ''), 
	CONSTRAINT follow_up_band CHECK (band in ('promoter', 'passive', 'detractor')), 
	CONSTRAINT follow_up_state CHECK (state in ('open', 'done', 'dropped')), 
	CONSTRAINT follow_up_outcome CHECK (outcome in ('talked', 'solved', 'not_reached')), 
	CONSTRAINT follow_up_done CHECK ((state = 'done') = (outcome is not null) and (state = 'done') = (done_on is not null)), 
	CONSTRAINT follow_up_days CHECK (done_on >= answered_on), 
	CONSTRAINT follow_up_dropped CHECK (state <> 'dropped' or trim(note) <> '')
);

CREATE UNIQUE INDEX one_follow_up_per_answer ON follow_ups (response_id) WHERE archived_at is null and response_id <> '';

CREATE TABLE guardrails (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	objective_id INTEGER NOT NULL, 
	kvi TEXT NOT NULL, 
	grain TEXT, 
	"where" TEXT DEFAULT '{}' NOT NULL, 
	lower TEXT, 
	upper TEXT, 
	CONSTRAINT pk_guardrails PRIMARY KEY (id), 
	CONSTRAINT guardrail_kvi CHECK (trim(kvi) <> ''), 
	CONSTRAINT guardrail_grain CHECK (grain in ('day', 'week', 'sprint', 'month', 'quarter')), 
	CONSTRAINT guardrail_band CHECK (cast(lower as numeric) <= cast(upper as numeric)), 
	CONSTRAINT guardrail_has_grain CHECK (grain is not null), 
	CONSTRAINT guardrail_has_band CHECK (lower is not null or upper is not null), 
	CONSTRAINT fk_guardrails_objective_id FOREIGN KEY(objective_id) REFERENCES objectives (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_guardrails_objective_id ON guardrails (objective_id);

CREATE TABLE key_results (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	objective_id INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	owner TEXT, 
	kind TEXT NOT NULL, 
	unit TEXT DEFAULT 'number' NOT NULL, 
	ambition TEXT DEFAULT 'committed' NOT NULL, 
	weight TEXT DEFAULT '1' NOT NULL, 
	baseline TEXT, 
	target TEXT, 
	lower TEXT, 
	upper TEXT, 
	tolerance TEXT, 
	kvi TEXT, 
	grain TEXT, 
	"where" TEXT DEFAULT '{}' NOT NULL, 
	cadence_days INTEGER DEFAULT '14' NOT NULL, 
	"plan" TEXT DEFAULT '[]' NOT NULL, 
	carried_from_id INTEGER, 
	suggested_grade TEXT, 
	grade TEXT, 
	grade_reason TEXT, 
	outcome TEXT, 
	closing_note TEXT, 
	CONSTRAINT pk_key_results PRIMARY KEY (id), 
	CONSTRAINT key_result_band CHECK (cast(lower as numeric) <= cast(upper as numeric)), 
	CONSTRAINT key_result_kvi CHECK (trim(kvi) <> ''), 
	CONSTRAINT key_result_grain CHECK (grain in ('day', 'week', 'sprint', 'month', 'quarter')), 
	CONSTRAINT key_result_grade CHECK (cast(grade as numeric) between 0 and 1), 
	CONSTRAINT key_result_grade_reason CHECK (grade is null or coalesce(grade = suggested_grade, false) or trim(coalesce(grade_reason, '')) <> ''), 
	CONSTRAINT key_result_outcome CHECK (outcome in ('keep', 'modify', 'abandon')), 
	CONSTRAINT key_result_title CHECK (trim(title) <> ''), 
	CONSTRAINT key_result_owner CHECK (trim(owner) <> ''), 
	CONSTRAINT key_result_unit CHECK (trim(unit) <> ''), 
	CONSTRAINT key_result_kind CHECK (kind in ('increase', 'decrease', 'keep_within', 'milestone')), 
	CONSTRAINT key_result_ambition CHECK (ambition in ('committed', 'aspirational')), 
	CONSTRAINT key_result_weight CHECK (cast(weight as numeric) > 0), 
	CONSTRAINT key_result_tolerance CHECK (cast(tolerance as numeric) > 0), 
	CONSTRAINT key_result_cadence CHECK (cadence_days > 0), 
	CONSTRAINT target_is_not_baseline CHECK (target <> baseline), 
	CONSTRAINT target_lies_ahead CHECK ((kind <> 'increase' or cast(target as numeric) >= cast(baseline as numeric)) and (kind <> 'decrease' or cast(target as numeric) <= cast(baseline as numeric))), 
	CONSTRAINT key_result_measure CHECK ((kind in ('increase', 'decrease') or target is null) and (kind = 'keep_within' or (lower is null and upper is null and tolerance is null))), 
	CONSTRAINT key_result_driven CHECK (kvi is null or grain is not null), 
	CONSTRAINT fk_key_results_objective_id FOREIGN KEY(objective_id) REFERENCES objectives (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_key_results_carried_from_id FOREIGN KEY(carried_from_id) REFERENCES key_results (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_key_results_kvi ON key_results (kvi);

CREATE INDEX ix_key_results_objective_id ON key_results (objective_id);

CREATE TABLE kvi_notes (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	kvi TEXT NOT NULL, 
	day DATE NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_kvi_notes PRIMARY KEY (id), 
	CONSTRAINT kvi_note_text CHECK (trim(text) <> '')
);

CREATE INDEX ix_kvi_notes_kvi ON kvi_notes (kvi, day);

CREATE TRIGGER kvi_targets_no_delete before delete on kvi_targets begin select raise(abort, 'kvi_targets is append-only'); end;

CREATE TRIGGER kvi_targets_no_update before update on kvi_targets begin select raise(abort, 'kvi_targets is append-only'); end;

CREATE TABLE kvi_targets (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	kvi TEXT NOT NULL, 
	grain TEXT, 
	"where" TEXT DEFAULT '{}' NOT NULL, 
	value TEXT, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_kvi_targets PRIMARY KEY (id), 
	CONSTRAINT kvi_target_kvi CHECK (trim(kvi) <> ''), 
	CONSTRAINT kvi_target_grain CHECK (grain in ('day', 'week', 'sprint', 'month', 'quarter')), 
	CONSTRAINT kvi_target_days CHECK (ends_on >= starts_on), 
	CONSTRAINT kvi_target_reason CHECK (trim(reason) <> '')
);

CREATE INDEX ix_kvi_targets_kvi ON kvi_targets (kvi);

CREATE TABLE objectives (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	cycle_id INTEGER NOT NULL, 
	team TEXT, 
	title TEXT NOT NULL, 
	customer_promise TEXT DEFAULT '' NOT NULL, 
	owner TEXT, 
	weight TEXT DEFAULT '1' NOT NULL, 
	parent_id INTEGER, 
	carried_from_id INTEGER, 
	state TEXT DEFAULT 'Draft' NOT NULL, 
	suggested_grade TEXT, 
	grade TEXT, 
	grade_reason TEXT, 
	outcome TEXT, 
	closing_note TEXT, 
	CONSTRAINT pk_objectives PRIMARY KEY (id), 
	CONSTRAINT objective_grade CHECK (cast(grade as numeric) between 0 and 1), 
	CONSTRAINT objective_grade_reason CHECK (grade is null or coalesce(grade = suggested_grade, false) or trim(coalesce(grade_reason, '')) <> ''), 
	CONSTRAINT objective_outcome CHECK (outcome in ('keep', 'modify', 'abandon')), 
	CONSTRAINT objective_title CHECK (trim(title) <> ''), 
	CONSTRAINT objective_team CHECK (trim(team) <> ''), 
	CONSTRAINT objective_owner CHECK (trim(owner) <> ''), 
	CONSTRAINT objective_weight CHECK (cast(weight as numeric) > 0), 
	CONSTRAINT objective_parent CHECK (parent_id <> id), 
	CONSTRAINT objective_state CHECK (state in ('Draft', 'Active', 'Closed')), 
	CONSTRAINT objective_closed CHECK ((state = 'Closed') = (outcome is not null) and (state <> 'Closed' or grade is not null)), 
	CONSTRAINT fk_objectives_cycle_id FOREIGN KEY(cycle_id) REFERENCES cycles (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_objectives_parent_id FOREIGN KEY(parent_id) REFERENCES objectives (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_objectives_carried_from_id FOREIGN KEY(carried_from_id) REFERENCES objectives (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_objectives_cycle_id ON objectives (cycle_id);

CREATE INDEX ix_objectives_parent_id ON objectives (parent_id);

CREATE TABLE poll_answers (
	browser TEXT NOT NULL, 
	poll_id INTEGER NOT NULL, 
	"by" TEXT, 
	change TEXT, 
	confidence INTEGER NOT NULL, 
	because TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_poll_answers PRIMARY KEY (browser), 
	CONSTRAINT poll_answer_confidence CHECK (confidence between 1 and 100), 
	CONSTRAINT fk_poll_answers_poll_id FOREIGN KEY(poll_id) REFERENCES polls (id) DEFERRABLE INITIALLY IMMEDIATE
)
 WITHOUT ROWID

;

CREATE INDEX ix_poll_answers_poll_id ON poll_answers (poll_id);

CREATE TABLE polls (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	review_id INTEGER NOT NULL, 
	asks TEXT NOT NULL, 
	kvi TEXT, 
	key_result_id INTEGER, 
	revealed_at DATETIME, 
	CONSTRAINT pk_polls PRIMARY KEY (id), 
	CONSTRAINT poll_asks CHECK (asks in ('change', 'confidence')), 
	CONSTRAINT poll_about CHECK ((asks = 'change') = ((kvi is not null) <> (key_result_id is not null)) and (asks = 'change' or (kvi is null and key_result_id is null))), 
	CONSTRAINT fk_polls_review_id FOREIGN KEY(review_id) REFERENCES reviews (id) DEFERRABLE INITIALLY IMMEDIATE, 
	CONSTRAINT fk_polls_key_result_id FOREIGN KEY(key_result_id) REFERENCES key_results (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE UNIQUE INDEX one_poll_each ON polls (review_id, asks, coalesce(kvi, ''), coalesce(key_result_id, 0)) WHERE archived_at is null;

CREATE TABLE predictions (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	review_id INTEGER NOT NULL, 
	kvi TEXT NOT NULL, 
	grain TEXT, 
	"where" TEXT DEFAULT '{}' NOT NULL, 
	lower TEXT, 
	upper TEXT, 
	confidence INTEGER NOT NULL, 
	because TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_predictions PRIMARY KEY (id), 
	CONSTRAINT prediction_kvi CHECK (trim(kvi) <> ''), 
	CONSTRAINT prediction_grain CHECK (grain in ('day', 'week', 'sprint', 'month', 'quarter')), 
	CONSTRAINT prediction_band CHECK (cast(lower as numeric) <= cast(upper as numeric)), 
	CONSTRAINT prediction_bounds CHECK (lower is not null or upper is not null), 
	CONSTRAINT prediction_confidence CHECK (confidence between 0 and 100), 
	CONSTRAINT fk_predictions_review_id FOREIGN KEY(review_id) REFERENCES reviews (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_predictions_review_id ON predictions (review_id);

CREATE TABLE quotes (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	review_id INTEGER NOT NULL, 
	response_id TEXT NOT NULL, 
	CONSTRAINT pk_quotes PRIMARY KEY (id), 
	CONSTRAINT fk_quotes_review_id FOREIGN KEY(review_id) REFERENCES reviews (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_quotes_response_id ON quotes (response_id);

CREATE UNIQUE INDEX one_quote_per_answer ON quotes (review_id, response_id) WHERE archived_at is null and response_id <> '';

CREATE TRIGGER review_acts_no_delete before delete on review_acts begin select raise(abort, 'review_acts is append-only'); end;

CREATE TRIGGER review_acts_no_update before update on review_acts begin select raise(abort, 'review_acts is append-only'); end;

CREATE TABLE review_acts (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	review_id INTEGER NOT NULL, 
	act TEXT NOT NULL, 
	data_through DATE, 
	warehouse_version TEXT, 
	document TEXT NOT NULL, created_by_subject TEXT, 
	CONSTRAINT pk_review_acts PRIMARY KEY (id), 
	CONSTRAINT review_act CHECK (act in ('opening', 'closing')), 
	CONSTRAINT fk_review_acts_review_id FOREIGN KEY(review_id) REFERENCES reviews (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE UNIQUE INDEX one_act_each ON review_acts (review_id, act);

CREATE TRIGGER review_addenda_no_delete before delete on review_addenda begin select raise(abort, 'review_addenda is append-only'); end;

CREATE TRIGGER review_addenda_no_update before update on review_addenda begin select raise(abort, 'review_addenda is append-only'); end;

CREATE TABLE review_addenda (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	review_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_review_addenda PRIMARY KEY (id), 
	CONSTRAINT addendum_text CHECK (trim(text) <> ''), 
	CONSTRAINT fk_review_addenda_review_id FOREIGN KEY(review_id) REFERENCES reviews (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_review_addenda_review_id ON review_addenda (review_id);

CREATE TRIGGER review_remarks_no_delete before delete on review_remarks begin select raise(abort, 'review_remarks is append-only'); end;

CREATE TRIGGER review_remarks_no_update before update on review_remarks begin select raise(abort, 'review_remarks is append-only'); end;

CREATE TABLE review_remarks (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	review_id INTEGER NOT NULL, 
	about TEXT, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_review_remarks PRIMARY KEY (id), 
	CONSTRAINT remark_text CHECK (trim(text) <> ''), 
	CONSTRAINT fk_review_remarks_review_id FOREIGN KEY(review_id) REFERENCES reviews (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_review_remarks_review_id ON review_remarks (review_id);

CREATE TRIGGER reviewers_no_delete before delete on reviewers begin select raise(abort, 'reviewers is append-only'); end;

CREATE TRIGGER reviewers_no_update before update on reviewers begin select raise(abort, 'reviewers is append-only'); end;

CREATE TABLE reviewers (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	review_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_reviewers PRIMARY KEY (id), 
	CONSTRAINT uq_reviewers_review_id_name UNIQUE (review_id, name), 
	CONSTRAINT reviewer_name CHECK (trim(name) <> ''), 
	CONSTRAINT fk_reviewers_review_id FOREIGN KEY(review_id) REFERENCES reviews (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE TABLE reviews (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	sprint TEXT NOT NULL, 
	team TEXT, 
	starts_on DATE NOT NULL, 
	ends_on DATE NOT NULL, 
	goal TEXT DEFAULT '' NOT NULL, 
	goal_key_results TEXT DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_reviews PRIMARY KEY (id), 
	CONSTRAINT review_sprint CHECK (trim(sprint) <> ''), 
	CONSTRAINT review_team CHECK (trim(team) <> ''), 
	CONSTRAINT review_days CHECK (ends_on >= starts_on)
);

CREATE UNIQUE INDEX one_review_per_sprint ON reviews (sprint, coalesce(team, '')) WHERE archived_at is null;

CREATE TABLE rewards (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by TEXT NOT NULL, 
	archived_at DATETIME, 
	role TEXT NOT NULL, 
	metric TEXT NOT NULL, 
	weight TEXT NOT NULL, 
	is_customers BOOLEAN NOT NULL, 
	kvi TEXT, 
	CONSTRAINT pk_rewards PRIMARY KEY (id), 
	CONSTRAINT reward_role CHECK (trim(role) <> ''), 
	CONSTRAINT reward_metric CHECK (trim(metric) <> ''), 
	CONSTRAINT reward_weight CHECK (cast(weight as numeric) between 0 and 100)
);

CREATE UNIQUE INDEX one_reward_per_metric ON rewards (role, metric) WHERE archived_at is null;

CREATE TRIGGER target_changes_no_delete before delete on target_changes begin select raise(abort, 'target_changes is append-only'); end;

CREATE TRIGGER target_changes_no_update before update on target_changes begin select raise(abort, 'target_changes is append-only'); end;

CREATE TABLE target_changes (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by TEXT NOT NULL, 
	key_result_id INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	baseline_before TEXT, 
	baseline_after TEXT, 
	target_before TEXT, 
	target_after TEXT, 
	lower_before TEXT, 
	lower_after TEXT, 
	upper_before TEXT, 
	upper_after TEXT, 
	tolerance_before TEXT, 
	tolerance_after TEXT, 
	CONSTRAINT pk_target_changes PRIMARY KEY (id), 
	CONSTRAINT target_change_reason CHECK (trim(reason) <> ''), 
	CONSTRAINT fk_target_changes_key_result_id FOREIGN KEY(key_result_id) REFERENCES key_results (id) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE INDEX ix_target_changes_key_result_id ON target_changes (key_result_id);
