# Copyright 2024 Somebody

# Everything that is built here.

include config.mk
-include $(wildcard deps/*.d) local.mk

CC ?= gcc  # the compiler
CFLAGS := -O2 \
          -Wall
CFLAGS += -g
export PREFIX = /usr/local

.PHONY: all clean

all: prog docs ## Build everything
	@echo not: a rule
	VAR=1 ./run

# Objects from sources.
%.o lib%.a: %.c $(HEADERS) | build
	$(CC) -c $<

$(OBJECTS): %.o: %.c
prog: LDFLAGS += -lm
prog:: main.o ; $(CC) -o $@ $^
$(foreach d,$(DIRS),$(d)/a.o $(d)/b.o): common.h
x y &: z
clean:
	rm -f *.o
	
.SUFFIXES: .c .o
.c.o:
	$(CC) $<
$(eval $(call template,a:b))
