#pragma once

namespace Promdeck {

/// While one lives, widgets paint for a picture or a page instead of the screen: from their data instead of from kept
/// pictures, so that lines and texts stay sharp at any size, and without what follows the mouse. UI thread only.
class ExportPainting final
{
public:
    ExportPainting() { ++s_depth; }
    ~ExportPainting() { --s_depth; }
    ExportPainting(const ExportPainting&) = delete;
    ExportPainting& operator=(const ExportPainting&) = delete;
    [[nodiscard]] static bool isActive() { return s_depth > 0; }

private:
    inline static int s_depth = 0;
};

} // namespace Promdeck
