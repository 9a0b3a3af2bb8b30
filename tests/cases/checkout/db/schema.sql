-- Rendered pictures.
CREATE TABLE pictures (
    id INTEGER PRIMARY KEY,
    scene TEXT NOT NULL
);

CREATE VIEW recent AS SELECT * FROM pictures ORDER BY id DESC LIMIT 10;
