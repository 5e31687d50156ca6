//! Finding some of a million accounts.
//!
//! PostgreSQL has the parts of each address and name in an index: every two and three letters that follow each other, and every single one that is not of
//! ASCII, as a family name of one Hangul syllable is looked for too. (The extension `pg_trgm` knows three letters and no fewer, and has to be there.) The cost
//! that is said of the function keeps it from being computed for each row where the index can be asked.
//!
//! SQLite looks through all of them, in an index that holds nothing else.
//!
//! What a client is known by stands beside its document, with the version that it is of: who writes documents without it is looked through whole.

crate::dialect::step!(
    "m0026_search",
    up: &[
        "{postgres}CREATE FUNCTION search_parts(value TEXT) RETURNS TEXT[]
            LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 5000 AS $$
        DECLARE
            letters TEXT[] := string_to_array(value, NULL);
            parts TEXT[] := '{}';
        BEGIN
            FOR i IN 1 .. cardinality(letters) LOOP
                IF ascii(letters[i]) > 127 THEN
                    parts := parts || letters[i];
                END IF;
                IF i > 1 THEN
                    parts := parts || (letters[i - 1] || letters[i]);
                END IF;
                IF i > 2 THEN
                    parts := parts || (letters[i - 2] || letters[i - 1] || letters[i]);
                END IF;
            END LOOP;
            RETURN parts;
        END
        $$",
        "{postgres}CREATE INDEX users_search ON users USING GIN (search_parts(email_key || ' ' || name_key)) WHERE NOT deleted",
        "{sqlite}CREATE INDEX users_search ON users (email_key, name_key, id, deleted) WHERE NOT deleted",
        "ALTER TABLE clients ADD COLUMN known_by TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE clients ADD COLUMN known_by_version BIGINT NOT NULL DEFAULT -1",
        "CREATE INDEX users_disabled ON users (id) WHERE NOT active AND NOT deleted",
    ],
    down: &[
        "DROP INDEX users_disabled",
        "ALTER TABLE clients DROP COLUMN known_by_version",
        "ALTER TABLE clients DROP COLUMN known_by",
        "DROP INDEX users_search",
        "{postgres}DROP FUNCTION search_parts(TEXT)",
    ]
);
