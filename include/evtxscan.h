// SPDX-License-Identifier: Apache-2.0
// evtxscan: offline scanner for exported Windows event logs.
#ifndef EVTXSCAN_H
#define EVTXSCAN_H

#define EVTXSCAN_VERSION "0.1.0"

#endif
