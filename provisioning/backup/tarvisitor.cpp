#include "provisioning/backup/tarvisitor.h"

#include "provisioning/backup/tarwriter.h"

#include <archive.h>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

struct TarVisitor::Private
{
    Private(ByteSink& sink, PathFor how) : pathFor(std::move(how)), tar(sink, u"The files cannot be sent"_s) {}
    PathFor pathFor;
    TarWriter tar;
    Status opened = Done {}; ///< told with the first file
};

TarVisitor::TarVisitor(ByteSink& out, PathFor pathFor) : d(std::make_unique<Private>(out, std::move(pathFor)))
{
    archive_write_set_format_gnutar(d->tar.handle());
    d->opened = d->tar.open();
}

TarVisitor::~TarVisitor() = default;

Result<bool> TarVisitor::beginFile(const ManifestFile& file)
{
    const QByteArray path = d->pathFor(file);
    if (path.isEmpty())
        return false;
    if (!d->opened)
        return d->opened.error();
    if (const Status written = d->tar.header(file, path); !written)
        return written.error();
    return true;
}

Status TarVisitor::write(const char* data, qint64 size)
{
    return d->tar.data(data, size);
}

Status TarVisitor::finishFile(const ManifestFile&)
{
    return Done {};
}

Status TarVisitor::finish()
{
    return d->tar.close();
}

} // namespace Promdeck::Backup
