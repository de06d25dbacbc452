dnl SPDX-License-Identifier: ISC
dnl
dnl TLSTALLY_LIBRARY(PREFIX, MODULE, VERSION, PACKAGE)
dnl A library by pkg-config; without it, configure ends with the name of the
dnl Debian package that brings it.
AC_DEFUN([TLSTALLY_LIBRARY],
	[PKG_CHECK_MODULES([$1], [$2 >= $3], [],
		[TLSTALLY_MISSING([$2 $3 or newer], [$4])])])

dnl TLSTALLY_MISSING(WHAT, PACKAGE)
AC_DEFUN([TLSTALLY_MISSING],
	[AC_MSG_ERROR([

  $1 was not found.  On Debian and its kin it comes with
  the package $2:

	apt-get install $2
])])

dnl TLSTALLY_FLAGS(VARIABLE, FLAGS)
dnl Substitutes VARIABLE by those of FLAGS that the compiler takes.
AC_DEFUN([TLSTALLY_FLAGS],
	[$1=
	 tlstally_cflags=$CFLAGS
	 for tlstally_flag in m4_normalize([$2]); do
		AC_MSG_CHECKING([whether $CC takes $tlstally_flag])
		CFLAGS="$tlstally_cflags -Werror $tlstally_flag"
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM],
			[AC_MSG_RESULT([yes]); $1="$$1 $tlstally_flag"],
			[AC_MSG_RESULT([no])])
	 done
	 CFLAGS=$tlstally_cflags
	 AC_SUBST([$1])])

dnl TLSTALLY_HARDEN(VARIABLE, FLAGS, SETTLED)
dnl Adds FLAGS to VARIABLE, HARDEN_CFLAGS or HARDEN_LDFLAGS, if a program can be
dnl made with them and with those before them.  Not if the user's own flags
dnl match the pattern SETTLED: then he, or who packs for him, has decided.
AC_DEFUN([TLSTALLY_HARDEN],
	[AC_MSG_CHECKING([whether to harden with $2])
	 tlstally_cflags=$CFLAGS
	 tlstally_ldflags=$LDFLAGS
	 tlstally_$1=$$1
	 $1="$$1 $2"
	 CFLAGS="$CFLAGS -Werror $HARDEN_CFLAGS"
	 LDFLAGS="$LDFLAGS $HARDEN_LDFLAGS"
	 AS_CASE([" $CC $CPPFLAGS $tlstally_cflags $tlstally_ldflags "],
		[$3],
		[AC_MSG_RESULT([as set by the user]); $1=$tlstally_$1],
		[AC_LINK_IFELSE([AC_LANG_PROGRAM],
			[AC_MSG_RESULT([yes])],
			[AC_MSG_RESULT([no]); $1=$tlstally_$1])])
	 CFLAGS=$tlstally_cflags
	 LDFLAGS=$tlstally_ldflags])

dnl TLSTALLY_HARDENING
dnl Sets HARDEN_CFLAGS and HARDEN_LDFLAGS to what makes it harder to turn a
dnl mistake into an attack, and hardening to what that is.  Sanitizers look
dnl after the stack and the C library's functions themselves.
AC_DEFUN([TLSTALLY_HARDENING],
	[TLSTALLY_HARDEN([HARDEN_CFLAGS], [-fPIE],
		[*\ -fPIE\ *|*\ -fpie\ *|*\ -fPIC\ *|*\ -fno-@<:@pP@:>@*|*pie-compile*])
	 TLSTALLY_HARDEN([HARDEN_LDFLAGS], [-pie],
		[*\ -pie\ *|*\ -no-pie\ *|*\ -static*|*pie-link*])
	 TLSTALLY_HARDEN([HARDEN_LDFLAGS], [-Wl,-z,relro],
		[*-z,relro*|*-z,norelro*])
	 TLSTALLY_HARDEN([HARDEN_LDFLAGS], [-Wl,-z,now], [*-z,now*|*-z,lazy*])
	 TLSTALLY_HARDEN([HARDEN_LDFLAGS], [-Wl,-z,noexecstack],
		[*-z,noexecstack*|*-z,execstack*])
	 AS_CASE([" $CC $CFLAGS $SANITIZE_CFLAGS "],
		[*-fsanitize=*], [],
		[TLSTALLY_HARDEN([HARDEN_CFLAGS], [-fstack-protector-strong],
			[*stack-protector*])
		 TLSTALLY_HARDEN([HARDEN_CFLAGS], [-fstack-clash-protection],
			[*stack-clash-protection*])
		 TLSTALLY_HARDEN([HARDEN_CFLAGS], [-fcf-protection],
			[*-fcf-protection*])
		 TLSTALLY_HARDEN([HARDEN_CFLAGS], [-mbranch-protection=standard],
			[*-mbranch-protection*])
		 AC_DEFINE([HARDEN_FORTIFY], [1],
			[Define to have the C library check lengths.])])
	 AH_BOTTOM([/* It takes optimisation, and stays as a compiler or a user has set it. */
#if defined HARDEN_FORTIFY && !defined _FORTIFY_SOURCE && defined __OPTIMIZE__
#define _FORTIFY_SOURCE 2
#endif])
	 AC_SUBST([HARDEN_CFLAGS])
	 AC_SUBST([HARDEN_LDFLAGS])
	 hardening=`AS_ECHO(["$HARDEN_CFLAGS $HARDEN_LDFLAGS"]) |
		sed 's/-Wl,-z,//g; s/  *-f*/ /g; s/^ *//'`])
