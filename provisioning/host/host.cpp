#include "provisioning/host/host.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

Status checkArguments(const QList<QByteArray>& argv)
{
    if (argv.isEmpty() || argv.first().isEmpty())
        return makeError(ErrorCode::InvalidArgument, u"There is no program to run"_s);
    for (const QByteArray& word : argv) {
        if (word.contains('\0'))
            return makeError(ErrorCode::InvalidArgument, u"An argument holds a NUL byte, which no command can be given"_s,
                             QString::fromUtf8(argv.first()));
    }
    return Done {};
}

} // namespace Promdeck
