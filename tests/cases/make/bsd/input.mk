#	$NetBSD: Makefile,v 1.1 2020/01/01 00:00:00 somebody Exp $

PROG=	demo
SRCS=	main.c \
	util.c

.include "../Makefile.inc"
.if defined(DEBUG) && ${DEBUG} == "yes"
CFLAGS+=	-g
.elif !empty(FAST)
FLAGS=	-O3
.endif

beforeinstall:
	install -d ${DESTDIR}

.include <bsd.prog.mk>
define not_closed
