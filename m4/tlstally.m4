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
