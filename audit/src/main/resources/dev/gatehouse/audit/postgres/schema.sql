-- Where a Gatehouse gateway copies its audit record to. Run once, by the role that owns the database:
--
--   psql -v ON_ERROR_STOP=1 -d DATABASE -f schema.sql
--   CREATE ROLE gateway LOGIN PASSWORD '...' IN ROLE gatehouse_audit_writer;
--   CREATE ROLE auditor LOGIN PASSWORD '...' IN ROLE gatehouse_audit_reader;
--
-- The gateway's role may add rows, and neither read, change nor remove them; the gateway ships nothing when it may.
BEGIN;

CREATE SCHEMA gatehouse;

CREATE TABLE gatehouse.audit_rows (
  stream       text        NOT NULL,
  seq          bigint      NOT NULL CHECK (seq >= 0),
  at           timestamptz NOT NULL,
  link         bytea       NOT NULL CHECK (octet_length(link) = 32),
  payload_hash bytea       NOT NULL,
  body         text        NOT NULL,
  PRIMARY KEY (stream, seq),
  CHECK (payload_hash = sha256(convert_to(body, 'UTF8')))
);

-- A row that is sent twice is kept once; another row under its number is refused, and the gateway raises an alarm.
-- The function looks with its owner's rights, so that the gateway's role needs none to read.
CREATE FUNCTION gatehouse.audit_rows_once() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
  kept gatehouse.audit_rows;
BEGIN
  SELECT * INTO kept FROM gatehouse.audit_rows r WHERE r.stream = NEW.stream AND r.seq = NEW.seq;
  IF NOT FOUND THEN
    RETURN NEW;
  END IF;
  IF kept.link = NEW.link AND kept.at = NEW.at AND kept.body = NEW.body THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'another row is kept as %/%', NEW.stream, NEW.seq USING ERRCODE = 'GH409';
END
$$;

CREATE TRIGGER audit_rows_once BEFORE INSERT ON gatehouse.audit_rows
  FOR EACH ROW EXECUTE FUNCTION gatehouse.audit_rows_once();

CREATE ROLE gatehouse_audit_writer NOLOGIN;
GRANT USAGE ON SCHEMA gatehouse TO gatehouse_audit_writer;
GRANT INSERT ON gatehouse.audit_rows TO gatehouse_audit_writer;

CREATE ROLE gatehouse_audit_reader NOLOGIN;
GRANT USAGE ON SCHEMA gatehouse TO gatehouse_audit_reader;
GRANT SELECT ON gatehouse.audit_rows TO gatehouse_audit_reader;

COMMIT;
