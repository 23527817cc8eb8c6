#pragma once

#include "provisioning/backup/archivewriter.h"
#include "provisioning/host/host.h"

namespace Promdeck::Backup {

/// A folder (or one file) on a host, as it is to be backed up.
struct HostTree
{
    QByteArray root;            ///< absolute
    QList<QByteArray> exclude;  ///< patterns of `find -path`, relative: "./wal", "./*/tmp"
    bool asRoot = false;
};

/// What is below a folder: files with their hashes, folders, links; sorted, so that a folder comes before what is in
/// it. Paths are relative to the root. Sockets, devices and pipes are named in `skipped`.
struct TreeListing
{
    std::vector<ManifestFile> entries;
    QList<QByteArray> skipped;
};

/// Asks the host for names, attributes and SHA-256 hashes. Symbolic links are not followed, the root itself is.
/// Needs find and sha256sum there, those of busybox included. Errors: NotFound when there is no such folder, Forbidden,
/// Conflict when files came or went meanwhile, and those of Host::runScript.
Result<TreeListing> listTree(Host& host, const HostTree& tree, const CancelToken& cancel);

/// Sends the content of `files` (in their order, from one tree; of paths only what follows `prefix` counts) into the
/// archive, all in one stream. Errors: Conflict when they changed since they were listed.
Status streamTree(Host& host, const HostTree& tree, const std::vector<ManifestFile>& files, const QByteArray& prefix,
                  ArchiveWriter& writer, const CancelToken& cancel, const Progress& progress);

} // namespace Promdeck::Backup
