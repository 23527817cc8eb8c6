#include "models/frame/colortable.h"

// Data only: palette colours of the two themes, and the colour names of CSS.
namespace Promdeck::Colors {

namespace {

constexpr ThemedColor kNamed[] = {
    {u"super-light-red", 0xffa6b0, 0xff7383},
    {u"light-red", 0xff7383, 0xf2495c},
    {u"red", 0xf2495c, 0xe02f44},
    {u"semi-dark-red", 0xe02f44, 0xc4162a},
    {u"dark-red", 0xc4162a, 0xad0317},
    {u"super-light-orange", 0xffcb7d, 0xffb357},
    {u"light-orange", 0xffb357, 0xff9830},
    {u"orange", 0xff9830, 0xff780a},
    {u"semi-dark-orange", 0xff780a, 0xfa6400},
    {u"dark-orange", 0xfa6400, 0xe55400},
    {u"super-light-yellow", 0xfff899, 0xffee52},
    {u"light-yellow", 0xffee52, 0xfade2a},
    {u"yellow", 0xfade2a, 0xf2cc0c},
    {u"semi-dark-yellow", 0xf2cc0c, 0xe0b400},
    {u"dark-yellow", 0xe0b400, 0xcc9d00},
    {u"super-light-green", 0xc8f2c2, 0x96d98d},
    {u"light-green", 0x96d98d, 0x73bf69},
    {u"green", 0x73bf69, 0x56a64b},
    {u"semi-dark-green", 0x56a64b, 0x37872d},
    {u"dark-green", 0x37872d, 0x19730e},
    {u"super-light-blue", 0xc0d8ff, 0x8ab8ff},
    {u"light-blue", 0x8ab8ff, 0x5794f2},
    {u"blue", 0x5794f2, 0x3274d9},
    {u"semi-dark-blue", 0x3274d9, 0x1f60c4},
    {u"dark-blue", 0x1f60c4, 0x1250b0},
    {u"super-light-purple", 0xdeb6f2, 0xca95e5},
    {u"light-purple", 0xca95e5, 0xb877d9},
    {u"purple", 0xb877d9, 0xa352cc},
    {u"semi-dark-purple", 0xa352cc, 0x8f3bb8},
    {u"dark-purple", 0x8f3bb8, 0x7c2ea3},
};

constexpr ThemedColor kClassic[] = {
    {u"green", 0x73bf69, 0x56a64b},
    {u"semi-dark-yellow", 0xf2cc0c, 0xe0b400},
    {u"light-blue", 0x8ab8ff, 0x5794f2},
    {u"semi-dark-orange", 0xff780a, 0xfa6400},
    {u"red", 0xf2495c, 0xe02f44},
    {u"blue", 0x5794f2, 0x3274d9},
    {u"purple", 0xb877d9, 0xa352cc},
    {u"#705da0", 0x705da0, 0x705da0},
    {u"dark-green", 0x37872d, 0x19730e},
    {u"yellow", 0xfade2a, 0xf2cc0c},
    {u"#447ebc", 0x447ebc, 0x447ebc},
    {u"#c15c17", 0xc15c17, 0xc15c17},
    {u"#890f02", 0x890f02, 0x890f02},
    {u"#0a437c", 0x0a437c, 0x0a437c},
    {u"#6d1f62", 0x6d1f62, 0x6d1f62},
    {u"#584477", 0x584477, 0x584477},
    {u"#b7dbab", 0xb7dbab, 0xb7dbab},
    {u"#f4d598", 0xf4d598, 0xf4d598},
    {u"#70dbed", 0x70dbed, 0x70dbed},
    {u"#f9ba8f", 0xf9ba8f, 0xf9ba8f},
    {u"#f29191", 0xf29191, 0xf29191},
    {u"#82b5d8", 0x82b5d8, 0x82b5d8},
    {u"#e5a8e2", 0xe5a8e2, 0xe5a8e2},
    {u"#aea2e0", 0xaea2e0, 0xaea2e0},
    {u"#629e51", 0x629e51, 0x629e51},
    {u"#e5ac0e", 0xe5ac0e, 0xe5ac0e},
    {u"#64b0c8", 0x64b0c8, 0x64b0c8},
    {u"#e0752d", 0xe0752d, 0xe0752d},
    {u"#bf1b00", 0xbf1b00, 0xbf1b00},
    {u"#0a50a1", 0x0a50a1, 0x0a50a1},
    {u"#962d82", 0x962d82, 0x962d82},
    {u"#614d93", 0x614d93, 0x614d93},
    {u"#9ac48a", 0x9ac48a, 0x9ac48a},
    {u"#f2c96d", 0xf2c96d, 0xf2c96d},
    {u"#65c5db", 0x65c5db, 0x65c5db},
    {u"#f9934e", 0xf9934e, 0xf9934e},
    {u"#ea6460", 0xea6460, 0xea6460},
    {u"#5195ce", 0x5195ce, 0x5195ce},
    {u"#d683ce", 0xd683ce, 0xd683ce},
    {u"#806eb7", 0x806eb7, 0x806eb7},
    {u"#3f6833", 0x3f6833, 0x3f6833},
    {u"#967302", 0x967302, 0x967302},
    {u"#2f575e", 0x2f575e, 0x2f575e},
    {u"#99440a", 0x99440a, 0x99440a},
    {u"#58140c", 0x58140c, 0x58140c},
    {u"#052b51", 0x052b51, 0x052b51},
    {u"#511749", 0x511749, 0x511749},
    {u"#3f2b5b", 0x3f2b5b, 0x3f2b5b},
    {u"#e0f9d7", 0xe0f9d7, 0xe0f9d7},
    {u"#fceaca", 0xfceaca, 0xfceaca},
    {u"#cffaff", 0xcffaff, 0xcffaff},
    {u"#f9e2d2", 0xf9e2d2, 0xf9e2d2},
    {u"#fce2de", 0xfce2de, 0xfce2de},
    {u"#badff4", 0xbadff4, 0xbadff4},
    {u"#f9d9f9", 0xf9d9f9, 0xf9d9f9},
    {u"#dedaf7", 0xdedaf7, 0xdedaf7},
};

constexpr CssColor kCss[] = {
    {u"aliceblue", 0xf0f8ff}, {u"antiquewhite", 0xfaebd7}, {u"aqua", 0x00ffff}, {u"aquamarine", 0x7fffd4},
    {u"azure", 0xf0ffff}, {u"beige", 0xf5f5dc}, {u"bisque", 0xffe4c4}, {u"black", 0x000000},
    {u"blanchedalmond", 0xffebcd}, {u"blue", 0x0000ff}, {u"blueviolet", 0x8a2be2}, {u"brown", 0xa52a2a},
    {u"burlywood", 0xdeb887}, {u"cadetblue", 0x5f9ea0}, {u"chartreuse", 0x7fff00}, {u"chocolate", 0xd2691e},
    {u"coral", 0xff7f50}, {u"cornflowerblue", 0x6495ed}, {u"cornsilk", 0xfff8dc}, {u"crimson", 0xdc143c},
    {u"cyan", 0x00ffff}, {u"darkblue", 0x00008b}, {u"darkcyan", 0x008b8b}, {u"darkgoldenrod", 0xb8860b},
    {u"darkgray", 0xa9a9a9}, {u"darkgreen", 0x006400}, {u"darkgrey", 0xa9a9a9}, {u"darkkhaki", 0xbdb76b},
    {u"darkmagenta", 0x8b008b}, {u"darkolivegreen", 0x556b2f}, {u"darkorange", 0xff8c00}, {u"darkorchid", 0x9932cc},
    {u"darkred", 0x8b0000}, {u"darksalmon", 0xe9967a}, {u"darkseagreen", 0x8fbc8f}, {u"darkslateblue", 0x483d8b},
    {u"darkslategray", 0x2f4f4f}, {u"darkslategrey", 0x2f4f4f}, {u"darkturquoise", 0x00ced1}, {u"darkviolet", 0x9400d3},
    {u"deeppink", 0xff1493}, {u"deepskyblue", 0x00bfff}, {u"dimgray", 0x696969}, {u"dimgrey", 0x696969},
    {u"dodgerblue", 0x1e90ff}, {u"firebrick", 0xb22222}, {u"floralwhite", 0xfffaf0}, {u"forestgreen", 0x228b22},
    {u"fuchsia", 0xff00ff}, {u"gainsboro", 0xdcdcdc}, {u"ghostwhite", 0xf8f8ff}, {u"gold", 0xffd700},
    {u"goldenrod", 0xdaa520}, {u"gray", 0x808080}, {u"green", 0x008000}, {u"greenyellow", 0xadff2f},
    {u"grey", 0x808080}, {u"honeydew", 0xf0fff0}, {u"hotpink", 0xff69b4}, {u"indianred", 0xcd5c5c},
    {u"indigo", 0x4b0082}, {u"ivory", 0xfffff0}, {u"khaki", 0xf0e68c}, {u"lavender", 0xe6e6fa},
    {u"lavenderblush", 0xfff0f5}, {u"lawngreen", 0x7cfc00}, {u"lemonchiffon", 0xfffacd}, {u"lightblue", 0xadd8e6},
    {u"lightcoral", 0xf08080}, {u"lightcyan", 0xe0ffff}, {u"lightgoldenrodyellow", 0xfafad2}, {u"lightgray", 0xd3d3d3},
    {u"lightgreen", 0x90ee90}, {u"lightgrey", 0xd3d3d3}, {u"lightpink", 0xffb6c1}, {u"lightsalmon", 0xffa07a},
    {u"lightseagreen", 0x20b2aa}, {u"lightskyblue", 0x87cefa}, {u"lightslategray", 0x778899}, {u"lightslategrey", 0x778899},
    {u"lightsteelblue", 0xb0c4de}, {u"lightyellow", 0xffffe0}, {u"lime", 0x00ff00}, {u"limegreen", 0x32cd32},
    {u"linen", 0xfaf0e6}, {u"magenta", 0xff00ff}, {u"maroon", 0x800000}, {u"mediumaquamarine", 0x66cdaa},
    {u"mediumblue", 0x0000cd}, {u"mediumorchid", 0xba55d3}, {u"mediumpurple", 0x9370db}, {u"mediumseagreen", 0x3cb371},
    {u"mediumslateblue", 0x7b68ee}, {u"mediumspringgreen", 0x00fa9a}, {u"mediumturquoise", 0x48d1cc}, {u"mediumvioletred", 0xc71585},
    {u"midnightblue", 0x191970}, {u"mintcream", 0xf5fffa}, {u"mistyrose", 0xffe4e1}, {u"moccasin", 0xffe4b5},
    {u"navajowhite", 0xffdead}, {u"navy", 0x000080}, {u"oldlace", 0xfdf5e6}, {u"olive", 0x808000},
    {u"olivedrab", 0x6b8e23}, {u"orange", 0xffa500}, {u"orangered", 0xff4500}, {u"orchid", 0xda70d6},
    {u"palegoldenrod", 0xeee8aa}, {u"palegreen", 0x98fb98}, {u"paleturquoise", 0xafeeee}, {u"palevioletred", 0xdb7093},
    {u"papayawhip", 0xffefd5}, {u"peachpuff", 0xffdab9}, {u"peru", 0xcd853f}, {u"pink", 0xffc0cb},
    {u"plum", 0xdda0dd}, {u"powderblue", 0xb0e0e6}, {u"purple", 0x800080}, {u"red", 0xff0000},
    {u"rosybrown", 0xbc8f8f}, {u"royalblue", 0x4169e1}, {u"saddlebrown", 0x8b4513}, {u"salmon", 0xfa8072},
    {u"sandybrown", 0xf4a460}, {u"seagreen", 0x2e8b57}, {u"seashell", 0xfff5ee}, {u"sienna", 0xa0522d},
    {u"silver", 0xc0c0c0}, {u"skyblue", 0x87ceeb}, {u"slateblue", 0x6a5acd}, {u"slategray", 0x708090},
    {u"slategrey", 0x708090}, {u"snow", 0xfffafa}, {u"springgreen", 0x00ff7f}, {u"steelblue", 0x4682b4},
    {u"tan", 0xd2b48c}, {u"teal", 0x008080}, {u"thistle", 0xd8bfd8}, {u"tomato", 0xff6347},
    {u"turquoise", 0x40e0d0}, {u"violet", 0xee82ee}, {u"wheat", 0xf5deb3}, {u"white", 0xffffff},
    {u"whitesmoke", 0xf5f5f5}, {u"yellow", 0xffff00}, {u"yellowgreen", 0x9acd32},
    {u"rebeccapurple", 0x663399},
};

} // namespace

std::span<const ThemedColor> named()
{
    return kNamed;
}

std::span<const ThemedColor> classic()
{
    return kClassic;
}

std::span<const CssColor> css()
{
    return kCss;
}

} // namespace Promdeck::Colors
