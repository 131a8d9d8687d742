/* SPDX-License-Identifier: MIT */
/* Version numbers of macOS, as AvailabilityMacros.h and Availability.h name them. */
#ifndef __AVAILABILITY_VERSIONS__
#define __AVAILABILITY_VERSIONS__

#define MAC_OS_X_VERSION_10_0     1000
#define MAC_OS_X_VERSION_10_1     1010
#define MAC_OS_X_VERSION_10_2     1020
#define MAC_OS_X_VERSION_10_3     1030
#define MAC_OS_X_VERSION_10_4     1040
#define MAC_OS_X_VERSION_10_5     1050
#define MAC_OS_X_VERSION_10_6     1060
#define MAC_OS_X_VERSION_10_7     1070
#define MAC_OS_X_VERSION_10_8     1080
#define MAC_OS_X_VERSION_10_9     1090
#define MAC_OS_X_VERSION_10_10    101000
#define MAC_OS_X_VERSION_10_10_2  101002
#define MAC_OS_X_VERSION_10_10_3  101003
#define MAC_OS_X_VERSION_10_11    101100
#define MAC_OS_X_VERSION_10_11_2  101102
#define MAC_OS_X_VERSION_10_11_3  101103
#define MAC_OS_X_VERSION_10_11_4  101104
#define MAC_OS_X_VERSION_10_12    101200
#define MAC_OS_X_VERSION_10_12_1  101201
#define MAC_OS_X_VERSION_10_12_2  101202
#define MAC_OS_X_VERSION_10_12_4  101204
#define MAC_OS_X_VERSION_10_13    101300
#define MAC_OS_X_VERSION_10_13_1  101301
#define MAC_OS_X_VERSION_10_13_2  101302
#define MAC_OS_X_VERSION_10_13_4  101304
#define MAC_OS_X_VERSION_10_14    101400
#define MAC_OS_X_VERSION_10_14_1  101401
#define MAC_OS_X_VERSION_10_14_4  101404
#define MAC_OS_X_VERSION_10_15    101500
#define MAC_OS_X_VERSION_10_15_1  101501
#define MAC_OS_X_VERSION_10_16    101600
#define MAC_OS_VERSION_11_0       110000
#define MAC_OS_VERSION_11_1       110100
#define MAC_OS_VERSION_11_3       110300
#define MAC_OS_VERSION_11_4       110400
#define MAC_OS_VERSION_11_5       110500
#define MAC_OS_VERSION_12_0       120000
#define MAC_OS_VERSION_12_1       120100
#define MAC_OS_VERSION_12_3       120300
#define MAC_OS_VERSION_13_0       130000
#define MAC_OS_VERSION_14_0       140000

#define __MAC_10_0  1000
#define __MAC_10_1  1010
#define __MAC_10_2  1020
#define __MAC_10_3  1030
#define __MAC_10_4  1040
#define __MAC_10_5  1050
#define __MAC_10_6  1060
#define __MAC_10_7  1070
#define __MAC_10_8  1080
#define __MAC_10_9  1090
#define __MAC_10_10 101000
#define __MAC_10_11 101100
#define __MAC_10_12 101200
#define __MAC_10_13 101300
#define __MAC_10_14 101400
#define __MAC_10_15 101500
#define __MAC_10_16 101600
#define __MAC_11_0  110000
#define __MAC_12_0  120000
#define __MAC_13_0  130000
#define __MAC_14_0  140000
#define __MAC_NA    9999

#endif
