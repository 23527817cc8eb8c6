#pragma once

#include "provisioning/deploy/plan.h"

namespace Promdeck::Deploy {

// The parts of planning, each of which adds what it finds to the plan.

/// Tools, room, rights, links, mounts, clock, locks and open transactions.
void checkHost(const WorkspaceUnit& unit, UnitPlan& plan);
/// The candidate by our own engine, for the versions that the host has.
void checkWithEngine(const WorkspaceUnit& unit, UnitPlan& plan, const SecretValues& secrets);
/// The candidate by the host's promtool or amtool, at its final path where that can be had. BLOCKS.
void checkOnHost(HostAgent& agent, UnitPlan& plan, const SecretValues& secrets, const CancelToken& cancel);
/// What would come and go in the server, and which alerts would fire. `old`: present contents of changing files. BLOCKS.
void estimateBlast(HostAgent& agent, UnitPlan& plan, const std::map<QByteArray, QByteArray>& old, const CancelToken& cancel);

[[nodiscard]] QByteArray unifiedDiffOf(SecretMask& mask, const QByteArray& before, const QByteArray& after);
/// Files of a transaction's folder, or of a scratch folder for validation.
[[nodiscard]] std::vector<FileEntry> stagedFiles(const HostAgent& agent, const UnitPlan& plan, const QByteArray& audit, bool withRescue);

} // namespace Promdeck::Deploy
