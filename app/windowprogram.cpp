#include "app/windowprogram.h"

#include "app/cli/verb.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <string>

namespace Promdeck {

#ifdef PROMDECK_WINDOW_PROGRAM

bool hasWindowProgram()
{
    return true;
}

int becomeWindowProgram(char** argv)
{
    std::array<char, PATH_MAX> own {};
    const ssize_t length = readlink("/proc/self/exe", own.data(), own.size() - 1);
    std::string folder(own.data(), length > 0 ? std::size_t(length) : 0);
    folder.resize(folder.rfind('/') == std::string::npos ? 0 : folder.rfind('/'));
    const std::string beside = folder + "/" PROMDECK_WINDOW_PROGRAM;
    const std::string installed = folder + "/../" PROMDECK_WINDOW_FOLDER "/" PROMDECK_WINDOW_PROGRAM;
    for (const std::string& path : {beside, installed}) {
        execv(path.c_str(), argv);
        if (errno == ENOENT)
            continue;
        std::fprintf(stderr, "promdeck: %s does not start: %s\n", path.c_str(), std::strerror(errno));
        return Cli::ExitUsage;
    }
    std::fprintf(stderr, "promdeck: " PROMDECK_WINDOW_PROGRAM " is neither in %s nor in %s/../" PROMDECK_WINDOW_FOLDER
                         ": reinstall Promdeck, or build it whole\n", folder.c_str(), folder.c_str());
    return Cli::ExitUsage;
}

#else

bool hasWindowProgram()
{
    return false;
}

int becomeWindowProgram(char**)
{
    return Cli::ExitUsage;
}

#endif

} // namespace Promdeck
