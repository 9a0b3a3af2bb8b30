FROM
FROM a AS
AS b
FROM x as one extra
RUN <<NEVER
ENV A
ENV =x
ENV "quoted name"=1 plain
LABEL key='not closed
FROM y AS two \
